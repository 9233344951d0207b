package io.coppice.kernel.cell;

import org.jspecify.annotations.Nullable;

/** A platform thread that carries hosts: a scheduler thread, or a dedicated thread. */
public interface HostThread {
  /**
   * The host that runs on this thread now. To be called on this thread only.
   *
   * @return null between two hosts
   */
  @Nullable Host host();
}
