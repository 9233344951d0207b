package io.coppice.kernel.process;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The process behind a {@link RunningTimer}: does something at the times start + interval, start +
 * 2 interval and so on, or once.
 */
final class Timekeeper implements Reactive {
  /* The times are absolute, so the interval does not drift: being late once makes no later time later. Times
   * that have been missed, because the machine stood still or a run took longer than the interval, are caught
   * up with, one after another.
   */
  static final Object CANCEL = "cancel";

  /** What happens each time. */
  @FunctionalInterface
  interface Action {
    /**
     * Does it; the timer that delivers to the target, or the monitor of a process whose end is to
     * be awaited before the next, or null.
     */
    @Nullable Ref act(Context self);
  }

  private final String text;
  private final long intervalNanos;
  private final boolean once;
  private final @Nullable Pid target; // the end of which is the end of this
  private final Action action;
  private long next;
  private @Nullable Ref timer;
  private @Nullable Ref run;
  private @Nullable Ref sending; // the timer that delivers to the target

  private Timekeeper(
      String text,
      long start,
      Duration interval,
      boolean once,
      @Nullable Pid target,
      Action action) {
    this.text = text + " " + interval;
    this.intervalNanos = nanos(interval);
    this.once = once;
    this.target = target;
    this.action = action;
    this.next = start;
  }

  /** Spawns the process; the time counts from now. */
  static RunningTimer start(
      Processes node,
      String text,
      Duration interval,
      boolean once,
      @Nullable Pid target,
      Action action) {
    if (interval.isNegative() || (interval.isZero() && !once)) {
      throw new IllegalArgumentException(
          once
              ? "The delay is " + interval + ": a time cannot be negative"
              : "The interval is " + interval + ": it must be more than zero");
    }
    Processes home = node instanceof Context self ? self.node() : node;
    Timekeeper keeper = new Timekeeper(text, node.monotonicNanos(), interval, once, target, action);
    Pid pid = node.spawn(keeper, SpawnOptions.DEFAULT.initialCall(keeper.text));
    return new RunningTimer(home, pid);
  }

  private static long nanos(Duration interval) {
    try {
      return Math.min(interval.toNanos(), Long.MAX_VALUE / 4);
    } catch (ArithmeticException tooLong) {
      return Long.MAX_VALUE / 4;
    }
  }

  @Override
  public void onStart(Context self) {
    if (target != null) {
      Ref _ = self.monitor(target);
    }
    arm(self);
  }

  private void arm(Context self) {
    next += intervalNanos;
    timer = self.startTimerAt(next, self.pid(), text);
  }

  @Override
  public void onMessage(Context self, Object message) {
    switch (message) {
      case Timeout due when due.ref().equals(timer) -> act(self);
      case Down down when down.ref().equals(run) -> {
        run = null;
        goOn(self);
      }
      case Down gone when gone.target().equals(target) -> self.stop(ExitReason.NORMAL);
      case Request order when order.payload().equals(CANCEL) -> {
        if (sending != null) {
          boolean _ = self.dropTimer(sending);
        }
        order.reply(true);
        self.stop(ExitReason.NORMAL);
      }
      case Request other -> other.fail(ExitReason.of("a timer answers to cancel only"));
      default -> {} // whatever a stranger has sent
    }
  }

  private void act(Context self) {
    Ref begun = action.act(self);
    if (begun == null || target != null) { // who sends waits for nobody's end
      sending = begun;
      goOn(self);
    } else {
      run = begun;
    }
  }

  private void goOn(Context self) {
    if (once) {
      self.stop(ExitReason.NORMAL);
    } else {
      arm(self);
    }
  }

  @Override
  public String describe() {
    return text;
  }
}
