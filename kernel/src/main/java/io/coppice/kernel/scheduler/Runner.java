package io.coppice.kernel.scheduler;

import io.coppice.kernel.cell.GuestHost;
import io.coppice.kernel.cell.Host;
import io.coppice.kernel.jdk.JdkInternals;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A virtual thread of ours that runs processes inline, one after another, until one of them blocks:
 * then it is captured by that process, and another runner takes over.
 *
 * <p>Threads: its own, except for what is said to be shared.
 */
abstract class Runner extends Host {
  final RunnerPool pool;
  final String name;

  /** Who runs it now; for its own thread. */
  @Nullable Carrier carrier;

  /** It is to end as soon as it runs no process. */
  boolean ending;

  private @Nullable GuestHost guest;

  Runner(RunnerPool pool, String name) {
    this.pool = pool;
    this.name = name;
  }

  @Override
  protected boolean sliceUsed() {
    return Objects.requireNonNull(carrier).sliceUsed();
  }

  @Override
  protected void beginSlice() {
    Objects.requireNonNull(carrier).beginTurn();
  }

  @Override
  protected @Nullable GuestHost guest() {
    Thread thread = thread();
    if (ending || thread.isInterrupted() || JdkInternals.hasScopedValues(thread)) {
      return null;
    }
    GuestHost own = guest;
    if (own == null) {
      own = new GuestHost(this);
      guest = own;
    }
    return own;
  }

  @Override
  protected @Nullable Object leaveThread() {
    Thread thread = thread();
    Thread.interrupted();
    if (!thread.getName().equals(name)) {
      thread.setName(name);
    }
    if (!Objects.equals(JdkInternals.contextClassLoader(thread), pool.contextClassLoader())) {
      thread.setContextClassLoader(pool.contextClassLoader());
    }
    return takeThreadLocals();
  }

  /** What {@link #leaveThread} returns. */
  abstract @Nullable Object takeThreadLocals();

  @Override
  protected void discard() {
    ending = true;
  }

  @Override
  public String toString() {
    return name;
  }
}
