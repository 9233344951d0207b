package io.coppice.kernel.testkit;

import io.coppice.kernel.process.Envelope;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessInfo;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A fault that a {@link TestNode} injects: what goes wrong, for which process, at which message,
 * and how often. To be given to {@link TestNode#inject}.
 *
 * {@snippet class="io.coppice.kernel.testkit.TestkitSnippets" region="faults"}
 *
 * <p><b>What.</b> {@link #kill()} ends a process; {@link #drop()} loses messages to it; {@link
 * #delay(Duration)} lets them arrive late, and with them whatever the same sender sends to the same
 * process afterwards, signals included, since the order between two processes is guaranteed (P10).
 *
 * <p><b>Whom.</b> {@link #pid}, {@link #name}, {@link #label}, {@link #process} select the process:
 * the receiver of a message, or the one that is killed. All that are given must hold; without any
 * the rule is for each process but that of {@link TestNode#run}. Killing is considered before each
 * turn of the process, and each time it goes on after a wait or after others have run between two
 * of its operations: so it may die in the middle of its code. With {@link #message} it is killed
 * when such a message is about to reach it, which is not handled then.
 *
 * <p><b>When.</b> Each rule counts the events that it could apply to. {@link #nth} chooses one of
 * them, {@link #probability} throws dice that depend on the seed alone, {@link #atMost} limits how
 * often it applies. Without any it applies to all.
 *
 * <p>Exit signals, links and monitors are never lost, and a request that was dropped still fails
 * when its receiver ends, as a caller would notice (P17). The message that starts a process with
 * {@code start} is no message between processes and never matches.
 *
 * <p>Immutable, for any thread; each method returns a changed copy.
 */
public final class FaultRule {
  /** What goes wrong. */
  sealed interface Action {
    record Kill(ExitReason reason) implements Action {}

    record Drop() implements Action {}

    record Delay(long leastNanos, long mostNanos) implements Action {}
  }

  private final Action action;
  private final Predicate<ProcessInfo> whom;
  private final @Nullable Predicate<Object> which;
  private final long first;
  private final long most;
  private final double chance;
  private final String text;

  private FaultRule(
      Action action,
      Predicate<ProcessInfo> whom,
      @Nullable Predicate<Object> which,
      When when,
      String text) {
    this.action = action;
    this.whom = whom;
    this.which = which;
    this.first = when.first;
    this.most = when.most;
    this.chance = when.chance;
    this.text = text;
  }

  /** From the first matching event on, at most so often, with a chance. */
  private record When(long first, long most, double chance) {}

  private static FaultRule all(Action action, String text) {
    return new FaultRule(action, info -> true, null, new When(1, Long.MAX_VALUE, 1), text);
  }

  // ---- what

  /**
   * Kills a process, as {@code exit(pid, kill)}.
   *
   * @return a rule for all processes
   */
  public static FaultRule kill() {
    return kill(ExitReason.KILL);
  }

  /**
   * Sends a process an exit signal, which it may trap.
   *
   * @param reason its reason
   * @return a rule for all processes
   */
  public static FaultRule kill(ExitReason reason) {
    Objects.requireNonNull(reason, "reason");
    return all(new Action.Kill(reason), "kill with " + reason);
  }

  /**
   * Loses messages, requests and casts.
   *
   * @return a rule for all messages to all processes
   */
  public static FaultRule drop() {
    return all(new Action.Drop(), "drop");
  }

  /**
   * Lets messages arrive late.
   *
   * @param time by so much virtual time, more than zero
   * @return a rule for all messages to all processes
   */
  public static FaultRule delay(Duration time) {
    return delay(time, time);
  }

  /**
   * Lets messages arrive late, by a time drawn from the seed.
   *
   * @param least zero or more
   * @param most not less than that, and more than zero
   * @return a rule for all messages to all processes
   */
  public static FaultRule delay(Duration least, Duration most) {
    if (least.isNegative() || most.compareTo(least) < 0 || most.isZero()) {
      throw new IllegalArgumentException(
          "A delay between " + least + " and " + most + " is none: give the shorter time first");
    }
    String range = least.equals(most) ? "" + least : least + " to " + most;
    return all(new Action.Delay(least.toNanos(), most.toNanos()), "delay by " + range);
  }

  // ---- whom

  /**
   * Only this process.
   *
   * @param pid the process
   * @return a changed copy
   */
  public FaultRule pid(Pid pid) {
    return whom(info -> info.pid().equals(pid), "process " + pid);
  }

  /**
   * Only the process registered under this name at that moment.
   *
   * @param name the name
   * @return a changed copy
   */
  public FaultRule name(String name) {
    return whom(info -> name.equals(info.name()), "process '" + name + "'");
  }

  /**
   * Only processes with this label.
   *
   * @param label equal to it
   * @return a changed copy
   */
  public FaultRule label(Object label) {
    return whom(info -> label.equals(info.label()), "processes [" + label + "]");
  }

  /**
   * Only processes that match.
   *
   * @param matching asked at each event; it must not change anything
   * @return a changed copy
   */
  public FaultRule process(Predicate<ProcessInfo> matching) {
    return whom(Objects.requireNonNull(matching, "matching"), "matching processes");
  }

  private FaultRule whom(Predicate<ProcessInfo> added, String what) {
    return new FaultRule(action, whom.and(added), which, when(), text + ", " + what);
  }

  // ---- which message

  /**
   * Only messages of this type.
   *
   * @param type the class of the message, or of what a request or an {@link Envelope} carries
   * @return a changed copy
   */
  public FaultRule message(Class<?> type) {
    return which(type::isInstance, "messages of type " + type.getSimpleName());
  }

  /**
   * Only messages that match.
   *
   * @param matching asked about each message, and about what it carries if it is an {@link
   *     Envelope} such as a request
   * @return a changed copy
   */
  public FaultRule message(Predicate<Object> matching) {
    return which(Objects.requireNonNull(matching, "matching"), "matching messages");
  }

  private FaultRule which(Predicate<Object> added, String what) {
    Predicate<Object> both = which == null ? added : which.and(added);
    return new FaultRule(action, whom, both, when(), text + ", " + what);
  }

  // ---- when

  /**
   * Only the n-th event that matches, counted from here on for all processes together.
   *
   * @param number 1 or more
   * @return a changed copy
   */
  public FaultRule nth(long number) {
    if (number < 1) {
      throw new IllegalArgumentException("nth is " + number + ", the first event is number 1");
    }
    return when(new When(number, 1, chance), "number " + number);
  }

  /**
   * Only some of the events that match.
   *
   * @param value more than 0, at most 1
   * @return a changed copy
   */
  public FaultRule probability(double value) {
    if (!(value > 0 && value <= 1)) {
      throw new IllegalArgumentException("probability is " + value + ", it must be in (0, 1]");
    }
    return when(new When(first, most, value), "probability " + value);
  }

  /**
   * Applies at most so often.
   *
   * @param times 1 or more
   * @return a changed copy
   */
  public FaultRule atMost(long times) {
    if (times < 1) {
      throw new IllegalArgumentException("atMost is " + times + ", at least 1 is needed");
    }
    return when(new When(first, times, chance), "at most " + times);
  }

  private When when() {
    return new When(first, most, chance);
  }

  private FaultRule when(When when, String what) {
    return new FaultRule(action, whom, which, when, text + ", " + what);
  }

  // ---- for the node

  Action action() {
    return action;
  }

  /** Whether it is for a process; for turns, unless it is about messages. */
  boolean isFor(ProcessInfo info) {
    return whom.test(info);
  }

  boolean isAboutMessages() {
    return which != null || !(action instanceof Action.Kill);
  }

  boolean matches(Object message) {
    Object inside = MessageCheck.inside(message);
    return which == null || which.test(message) || (inside != null && matches(inside));
  }

  long first() {
    return first;
  }

  long most() {
    return most;
  }

  double chance() {
    return chance;
  }

  @Override
  public String toString() {
    return text;
  }
}
