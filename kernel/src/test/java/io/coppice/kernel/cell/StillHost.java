package io.coppice.kernel.cell;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A host of processes that never wait, for tests that run them, or only say that one runs. */
final class StillHost extends Host {
  private final Supplier<Thread> thread;

  /**
   * A host.
   *
   * @param thread says on which thread its process runs
   */
  StillHost(Supplier<Thread> thread) {
    this.thread = thread;
  }

  @Override
  public Thread thread() {
    return thread.get();
  }

  @Override
  protected void suspend(ProcessCell cell) {
    throw new AssertionError("it waits");
  }

  @Override
  protected void resume(ProcessCell cell) {
    throw new AssertionError("it waits");
  }

  @Override
  protected boolean sliceUsed() {
    return false;
  }

  @Override
  protected @Nullable Object leaveThread() {
    return null;
  }

  @Override
  protected void discard() {}

  @Override
  protected boolean blocksOutside() {
    return false;
  }
}
