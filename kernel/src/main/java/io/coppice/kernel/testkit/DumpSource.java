package io.coppice.kernel.testkit;

import io.coppice.kernel.cell.KernelView;
import io.coppice.kernel.inspect.NodeDump;
import java.util.List;

/** Where the dumps of a test node come from: without a time of the day, which would differ. */
record DumpSource(KernelView kernel, String name, int timers) implements NodeDump.Source {
  @Override
  public NodeDump.Header header() {
    return new NodeDump.Header(name, kernel.up(), null, null, List.of(), timers);
  }
}
