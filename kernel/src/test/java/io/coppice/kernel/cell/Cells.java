package io.coppice.kernel.cell;

import io.coppice.kernel.process.SpawnOptions;

/** Processes without a node, for tests that are their own host. */
final class Cells {
  private static final Kernel KERNEL =
      new Kernel(new KernelConfig("test", 1, 16, 1, report -> {}), new SilentDispatcher());

  private Cells() {}

  /** A process in phase RUNNING. */
  static ProcessCell running(long number) {
    ProcessCell cell =
        new ProcessCell(KERNEL, number, null, null, (self, message) -> {}, SpawnOptions.DEFAULT);
    cell.beginTurn();
    cell.releaseToken();
    return cell;
  }
}
