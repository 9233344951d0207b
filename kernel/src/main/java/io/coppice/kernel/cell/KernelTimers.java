package io.coppice.kernel.cell;

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
    ProcessCell cell = ProcessCell.current();
    if (cell == null || cell.kernel != kernel) {
      kernel.beforeOperation(null);
      return null;
    }
    cell.checkSignals();
    kernel.beforeOperation(cell);
    return cell;
  }

  // ---- timers

  @Override
  public Ref sendAfter(Duration delay, Pid to, Object message) {
    return startTimer(delay, to, message, false);
  }

  @Override
  public Ref startTimer(Duration delay, Pid to, Object message) {
    return startTimer(delay, to, message, true);
  }

  private Ref startTimer(Duration delay, Pid to, Object message, boolean asTimeout) {
    Objects.requireNonNull(message, "message");
    caller();
    MessageTimer timer = new MessageTimer(kernel, kernel.cell(to), message, asTimeout);
    timer.start(kernel.deadline(Kernel.nanos(delay, "The delay of a timer")));
    return timer;
  }

  @Override
  public Ref sendAfter(Duration delay, String name, Object message) {
    Objects.requireNonNull(message, "message");
    caller();
    MessageTimer timer = new MessageTimer(kernel, Objects.requireNonNull(name, "name"), message);
    timer.start(kernel.deadline(Kernel.nanos(delay, "The delay of a timer")));
    return timer;
  }

  @Override
  public Optional<Duration> cancelTimer(Ref timer) {
    Objects.requireNonNull(timer, "timer");
    caller();
    return timer instanceof MessageTimer t && t.stop() ? Optional.of(left(t)) : Optional.empty();
  }

  @Override
  public Optional<Duration> readTimer(Ref timer) {
    Objects.requireNonNull(timer, "timer");
    return timer instanceof MessageTimer t && t.isArmed() ? Optional.of(left(t)) : Optional.empty();
  }

  private Duration left(MessageTimer timer) {
    return Duration.ofNanos(Math.max(0, timer.deadlineNanos() - monotonicNanos()));
  }

  @Override
  public long monotonicNanos() {
    return kernel.dispatcher().clock().nanoTime();
  }
}
