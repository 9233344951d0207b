package io.coppice.kernel.cell;

import io.coppice.kernel.process.Alias;
import io.coppice.kernel.process.Destination;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Ref;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The timers of one kernel, for any thread (semantics 2), and who is calling. */
abstract class KernelTimers implements Processes {
  final Kernel kernel;

  KernelTimers(Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * The kernel these operations are on.
   *
   * @return the kernel
   */
  protected final Kernel kernel() {
    return kernel;
  }

  /**
   * The calling process, after its exit signals were handled; null if the thread runs none of ours.
   */
  final @Nullable ProcessCell caller() {
    StackRoom.require();
    ProcessCell cell = ProcessCell.current();
    checkDying(cell);
    if (cell == null || cell.kernel != kernel) {
      kernel.beforeOperation(null);
      return null; // one of another node is here a thread like any other
    }
    kernel.beforeOperation(cell);
    return cell;
  }

  /** The same before an operation that may wait, which it refuses if the process never does. */
  final @Nullable ProcessCell waiter(String operation) {
    ProcessCell cell = caller();
    ProcessCell any = cell == null ? ProcessCell.current() : cell;
    if (any != null) {
      any.refuseToWait(operation);
    }
    return cell;
  }

  /** In an operation that acts on nobody: whoever was told to die does not come past it. */
  static void safePoint() {
    StackRoom.require();
    checkDying(ProcessCell.current());
  }

  private static void checkDying(@Nullable ProcessCell cell) {
    if (cell != null) {
      cell.checkSignals();
    } else {
      SectionThread.check();
    }
  }

  // ---- timers

  @Override
  public Ref sendAfter(Duration delay, Destination to, Object message) {
    return start(timer(to, message, false), delay);
  }

  @Override
  public Ref sendAfter(Duration delay, String name, Object message) {
    return start(timer(name, message, false), delay);
  }

  @Override
  public Ref startTimer(Duration delay, Destination to, Object message) {
    return start(timer(to, message, true), delay);
  }

  @Override
  public Ref startTimer(Duration delay, String name, Object message) {
    return start(timer(name, message, true), delay);
  }

  @Override
  public Ref sendAt(long monotonicNanos, Destination to, Object message) {
    return startAt(timer(to, message, false), monotonicNanos);
  }

  @Override
  public Ref sendAt(long monotonicNanos, String name, Object message) {
    return startAt(timer(name, message, false), monotonicNanos);
  }

  @Override
  public Ref startTimerAt(long monotonicNanos, Destination to, Object message) {
    return startAt(timer(to, message, true), monotonicNanos);
  }

  @Override
  public Ref startTimerAt(long monotonicNanos, String name, Object message) {
    return startAt(timer(name, message, true), monotonicNanos);
  }

  private MessageTimer timer(Destination to, Object message, boolean asTimeout) {
    Objects.requireNonNull(message, "message");
    return switch (Objects.requireNonNull(to, "to")) {
      case Pid pid -> {
        ProcessCell cell = kernel.cell(pid);
        yield new MessageTimer(kernel, cell, cell, message, asTimeout);
      }
      case Alias alias -> {
        AliasState.Holder holder = kernel.alias(alias);
        yield new MessageTimer(kernel, holder.owner(), holder, message, asTimeout);
      }
    };
  }

  private MessageTimer timer(String name, Object message, boolean asTimeout) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(message, "message");
    return new MessageTimer(kernel, null, name, message, asTimeout);
  }

  private Ref start(MessageTimer timer, Duration delay) {
    timer.startedBy(caller()).startAfter(Kernel.nanos(delay, "The delay of a timer"));
    return timer;
  }

  private Ref startAt(MessageTimer timer, long monotonicNanos) {
    timer.startedBy(caller()).start(kernel.deadlineAt(monotonicNanos));
    return timer;
  }

  @Override
  public Optional<Duration> cancelTimer(Ref timer) {
    Objects.requireNonNull(timer, "timer");
    caller();
    if (timer instanceof MessageTimer t) {
      long left = nanosLeft(t);
      if (left >= 0 && t.cancel()) {
        return Optional.of(Duration.ofNanos(left));
      }
    }
    return Optional.empty();
  }

  @Override
  public boolean dropTimer(Ref timer) {
    Objects.requireNonNull(timer, "timer");
    caller();
    return timer instanceof MessageTimer t && t.cancel();
  }

  @Override
  public Optional<Duration> readTimer(Ref timer) {
    safePoint();
    Objects.requireNonNull(timer, "timer");
    long left = timer instanceof MessageTimer t ? nanosLeft(t) : -1;
    return left < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(left));
  }

  private long nanosLeft(MessageTimer timer) {
    return timer.nanosLeft(kernel.dispatcher().clock());
  }

  @Override
  public long monotonicNanos() {
    return kernel.dispatcher().nanoTime();
  }

  @Override
  public long randomLong() {
    return kernel.dispatcher().randomLong();
  }
}
