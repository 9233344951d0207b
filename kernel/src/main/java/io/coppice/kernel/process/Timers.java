package io.coppice.kernel.process;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Does things later, and again and again (semantics T12). For one message later, {@link
 * Processes#sendAfter} is cheaper.
 *
 * {@snippet :
 * RunningTimer report = Timers.applyRepeatedly(node, Duration.ofMinutes(1), self -> report());
 * RunningTimer beat = Timers.sendInterval(node, Duration.ofSeconds(1), server, new Beat());
 * report.cancel();
 * }
 *
 * <p>The n-th time is n intervals after the start, however late the times before it were; times
 * that were missed are caught up with. Each timer is a process of its own, unlinked: it outlives
 * the process that made it, until it is cancelled or the node closes. Code runs in a process of its
 * own each time: if it crashes, that leaves a crash report, and the timer goes on. Any thread may
 * call any method, inside and outside of processes. The node's clock decides, so a test node's time
 * is virtual here too.
 */
public final class Timers {
  private Timers() {}

  /**
   * Runs code once, later, in a process of its own.
   *
   * @param node where
   * @param delay zero or more
   * @param code what to run
   * @return the timer
   */
  public static RunningTimer applyAfter(Processes node, Duration delay, ProcessBody code) {
    Objects.requireNonNull(code, "code");
    return Timekeeper.start(node, "apply after", delay, true, null, self -> run(self, code));
  }

  /**
   * Runs code at each interval, whether or not earlier runs have ended: they may overlap.
   *
   * @param node where
   * @param interval more than zero
   * @param code what to run
   * @return the timer
   */
  public static RunningTimer applyInterval(Processes node, Duration interval, ProcessBody code) {
    Objects.requireNonNull(code, "code");
    return Timekeeper.start(node, "apply each", interval, false, null, self -> run(self, code));
  }

  private static @Nullable Ref run(Context self, ProcessBody code) {
    Pid _ = self.spawn(code);
    return null;
  }

  /**
   * Runs code at each interval, but never twice at the same time: a run that is due while another
   * goes on begins when that one has ended.
   *
   * @param node where
   * @param interval more than zero
   * @param code what to run
   * @return the timer
   */
  public static RunningTimer applyRepeatedly(Processes node, Duration interval, ProcessBody code) {
    Objects.requireNonNull(code, "code");
    return Timekeeper.start(
        node,
        "apply repeatedly each",
        interval,
        false,
        null,
        self -> self.spawnMonitor(code).monitor());
  }

  /**
   * Sends a message at each interval, until the receiver ends. What finds its mailbox full is lost,
   * and counted, as any message of a timer is ({@link MailboxLimit}).
   *
   * @param node where
   * @param interval more than zero
   * @param to the receiver
   * @param message an immutable object
   * @return the timer
   */
  public static RunningTimer sendInterval(
      Processes node, Duration interval, Pid to, Object message) {
    Objects.requireNonNull(to, "to");
    Objects.requireNonNull(message, "message");
    return Timekeeper.start(
        node,
        "send each",
        interval,
        false,
        to,
        self -> self.sendAfter(Duration.ZERO, to, message)); // neither waits nor fails
  }

  /**
   * Sends a message at each interval to the process that has a name now, until that one ends.
   *
   * @param node where
   * @param interval more than zero
   * @param name a registered name
   * @param message an immutable object
   * @return the timer
   * @throws IllegalArgumentException if no process has that name
   */
  public static RunningTimer sendInterval(
      Processes node, Duration interval, String name, Object message) {
    Pid to =
        node.whereis(name)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "No process is registered as '"
                            + name
                            + "', so nothing can be sent to it"));
    return sendInterval(node, interval, to, message);
  }

  /**
   * Runs code in the calling process or thread and takes the time.
   *
   * @param node whose clock
   * @param code what to run
   * @param <T> its result
   * @return its result and how long it took
   * @throws Exception what the code threw
   */
  public static <T extends @Nullable Object> Timed<T> tc(Processes node, Callable<T> code)
      throws Exception {
    long start = node.monotonicNanos();
    T value = code.call();
    return new Timed<>(Duration.ofNanos(node.monotonicNanos() - start), value);
  }
}
