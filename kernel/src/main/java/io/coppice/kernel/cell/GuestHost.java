package io.coppice.kernel.cell;

import io.coppice.kernel.jdk.JdkInternals;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs a process for one message on the stack of another, who called it: the same thread, but a
 * batch of its own. One per host, made when it is first needed; a guest has no guest.
 *
 * <p>Threads: as {@link Host}.
 */
public final class GuestHost extends Host {
  /* Whoever asks the thread which process runs (ProcessCell.current, the monitor) is told the guest: `current`
   * of the host below is the guest as long as it is here. That is also how somebody who kills the process
   * below knows that an interrupt would hit the guest (ProcessCell.interruptHost); that process looks when its
   * thread is its own again. Who kills the guest interrupts it as ever.
   *
   * What belongs to the process below is taken off the thread meanwhile: thread locals, name, class loader.
   */
  private final Host below;

  // ---- of the process below, while there is a guest
  private @Nullable ProcessCell lender;
  private @Nullable Object threadLocals;
  private @Nullable String name;
  private @Nullable ClassLoader classLoader;

  /**
   * For the guests of a host.
   *
   * @param below the host
   */
  public GuestHost(Host below) {
    this.below = below;
  }

  /** Takes what belongs to the lender off the thread; {@link #giveBack} must follow. */
  void borrow(ProcessCell from) {
    Thread thread = below.thread();
    name = thread.getName();
    classLoader = JdkInternals.contextClassLoader(thread);
    lender = from;
    threadLocals = below.leaveThread();
  }

  /** The thread is the guest's. */
  void enter(ProcessCell guest) {
    below.lent = true;
    below.current = guest;
  }

  /** The guest has left. */
  @SuppressWarnings("ReferenceEquality") // the equals of a class loader may be the user's
  void giveBack() {
    ProcessCell owner = lender;
    if (owner == null) {
      return; // it never got as far as that
    }
    below.current = owner;
    below.lent = false;
    lender = null;
    Thread thread = below.thread();
    if (threadLocals != null) {
      JdkInternals.putThreadLocals(thread, threadLocals);
      threadLocals = null;
    }
    if (name != null && !thread.getName().equals(name)) {
      thread.setName(name);
    }
    if (JdkInternals.contextClassLoader(thread) != classLoader) {
      thread.setContextClassLoader(classLoader);
    }
    classLoader = null;
  }

  @Override
  public Thread thread() {
    return below.thread();
  }

  @Override
  protected void suspend(ProcessCell cell) {
    throw new IllegalStateException(
        "Process " + cell + " was about to wait on the stack of its caller, which it never may");
  }

  @Override
  protected void resume(ProcessCell cell) {
    // it is never suspended
  }

  @Override
  protected boolean sliceUsed() {
    return below.sliceUsed();
  }

  @Override
  protected @Nullable Object leaveThread() {
    return below.leaveThread();
  }

  /** Nobody else comes here either: see {@link Host#guest}. */
  @Override
  protected void discard() {
    below.discard();
  }

  @Override
  protected boolean blocksOutside() {
    return below.blocksOutside();
  }

  @Override
  protected long blockedSinceNanos() {
    return below.blockedSinceNanos();
  }

  @Override
  public String toString() {
    return "guest of " + Objects.toString(below);
  }
}
