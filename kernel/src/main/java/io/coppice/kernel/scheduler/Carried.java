package io.coppice.kernel.scheduler;

import io.coppice.kernel.cell.HostThread;
import org.jspecify.annotations.Nullable;

/** A thread, or a runner, that knows its carrier. To be asked on that thread only. */
interface Carried extends HostThread {
  /** The carrier; null if it has none now. */
  @Nullable Carrier carrier();
}
