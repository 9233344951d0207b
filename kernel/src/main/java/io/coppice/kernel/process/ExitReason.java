package io.coppice.kernel.process;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why a process ended, or is asked to end (semantics 1.1, 1.3).
 *
 * <p>A closed set of immutable values that compare by value. {@linkplain #isClean() Clean} reasons
 * ({@code normal}, {@code shutdown}, {@code {shutdown, _}}) end a process without a crash report;
 * all others are abnormal. {@link #describe()} is the sentence for humans; {@code toString} the
 * short term that logs and tests show.
 */
// A constant and a constructor of the same reason, both used for the first time ever and by two
// threads at once, would wait for each other: a node must use the constants before it starts
// threads.
@SuppressWarnings("ClassInitializationDeadlock")
public sealed interface ExitReason {
  /** The code of the process returned (P3). */
  record Normal() implements ExitReason {
    @Override
    public String toString() {
      return "normal";
    }
  }

  /**
   * An orderly stop, asked for by a supervisor or by the node.
   *
   * @param detail what the stop was about ({@code {shutdown, detail}}), or null for plain {@code
   *     shutdown}
   */
  record Shutdown(@Nullable Object detail) implements ExitReason {
    @Override
    public String toString() {
      return detail == null ? "shutdown" : "{shutdown, " + text(detail) + "}";
    }
  }

  /** Sent as an exit signal this cannot be trapped (P20); over a link it is ordinary (P21). */
  record Kill() implements ExitReason {
    @Override
    public String toString() {
      return "kill";
    }
  }

  /** What links and monitors see of a process that was ended by {@link Kill} (P20). */
  record Killed() implements ExitReason {
    @Override
    public String toString() {
      return "killed";
    }
  }

  /** There is no such process: it had ended before, or the name stands for none (P32, P42). */
  record NoProcess() implements ExitReason {
    @Override
    public String toString() {
      return "noproc";
    }
  }

  /** No answer within the time allowed (G21). */
  record TimedOut() implements ExitReason {
    @Override
    public String toString() {
      return "timeout";
    }
  }

  /** A process called itself and would have waited for ever (G21). */
  record CallingSelf() implements ExitReason {
    @Override
    public String toString() {
      return "calling_self";
    }
  }

  /**
   * Processes waited for each other's answers in a ring, and would have done so for ever (N5). One
   * call fails with this, as a rule that which closed the ring; then the others can go on. A ring
   * of one is {@link CallingSelf}. The process that was called does not get the request any more,
   * if it has not begun with it.
   *
   * @param ring the processes: each waits for the next, the last for the first, whose call has
   *     failed
   */
  record CallCycle(List<Member> ring) implements ExitReason {
    /**
     * A process of a ring.
     *
     * @param pid the process
     * @param name its registered name, or null
     * @param label its label, or null
     */
    public record Member(Pid pid, @Nullable String name, @Nullable Object label) {
      @Override
      public String toString() {
        return pid
            + (name == null ? "" : " '" + name + "'")
            + (label == null ? "" : " [" + CrashText.value(label) + "]");
      }
    }

    /** Copies the list, which is not empty. */
    public CallCycle {
      ring = List.copyOf(ring);
      if (ring.isEmpty()) {
        throw new IllegalArgumentException("ring is empty: nobody waits for anybody");
      }
    }

    /**
     * Once round, for humans.
     *
     * @return for instance {@code <3> 'c' -> <1> 'a' -> <2> 'b' -> <3> 'c'}
     */
    public String path() {
      StringBuilder out = new StringBuilder();
      ring.forEach(member -> out.append(member).append(" -> "));
      return out.append(ring.getFirst()).toString();
    }

    @Override
    public String toString() {
      StringBuilder out = new StringBuilder("{call_cycle, [");
      for (Member member : ring) {
        out.append(out.charAt(out.length() - 1) == '[' ? "" : ", ").append(member.pid);
      }
      return out.append("]}").toString();
    }
  }

  /**
   * The code of the process threw ({@code {E, Stack}}, P3).
   *
   * @param error what was thrown, with its stack trace
   */
  record Crashed(Throwable error) implements ExitReason {
    /** Refuses null. */
    public Crashed {
      Objects.requireNonNull(error, "error");
    }

    /**
     * The stack trace of the error, which may be the user's.
     *
     * @return in lines; never fails
     */
    public String stackTrace() {
      return CrashText.stackTrace(error);
    }

    @Override
    public String toString() {
      return "crashed: " + text(error);
    }
  }

  /**
   * Its mailbox was full ({@link MailboxLimit}): why a process ended ({@link
   * Overflow#END_RECEIVER}), or why a request did not reach it.
   *
   * @param limit the messages that might wait there
   */
  record MailboxOverflow(int limit) implements ExitReason {
    @Override
    public String toString() {
      return "{mailbox_overflow, " + limit + "}";
    }
  }

  /**
   * A call made by the process failed and nobody caught it ({@code {Reason, {gen_server, call,
   * _}}}, G21).
   *
   * @param cause why the call failed
   * @param call what was called, for humans
   */
  record CallFailure(ExitReason cause, String call) implements ExitReason {
    /** Refuses null. */
    public CallFailure {
      Objects.requireNonNull(cause, "cause");
      Objects.requireNonNull(call, "call");
    }

    @Override
    public String toString() {
      return "{" + cause + ", " + call + "}";
    }
  }

  /**
   * Any other reason an application wants to give.
   *
   * @param term an immutable value with a meaningful {@code equals}
   */
  record Custom(Object term) implements ExitReason {
    /** Refuses null. */
    public Custom {
      Objects.requireNonNull(term, "term");
    }

    @Override
    public String toString() {
      return text(term);
    }
  }

  /** The reason {@code normal}. */
  ExitReason NORMAL = new Normal();

  /** The reason {@code shutdown}. */
  ExitReason SHUTDOWN = new Shutdown(null);

  /** The reason {@code kill}. */
  ExitReason KILL = new Kill();

  /** The reason {@code killed}. */
  ExitReason KILLED = new Killed();

  /** The reason {@code noproc}. */
  ExitReason NO_PROCESS = new NoProcess();

  /** The reason {@code timeout}. */
  ExitReason TIMEOUT = new TimedOut();

  /** The reason {@code calling_self}. */
  ExitReason CALLING_SELF = new CallingSelf();

  /**
   * An orderly stop with a detail, {@code {shutdown, detail}}.
   *
   * @param detail what the stop was about
   * @return a clean reason
   */
  static ExitReason shutdown(Object detail) {
    return new Shutdown(Objects.requireNonNull(detail, "detail"));
  }

  /**
   * A reason of the application's own.
   *
   * @param term an immutable value with a meaningful {@code equals}
   * @return an abnormal reason
   */
  static ExitReason of(Object term) {
    return new Custom(term);
  }

  /**
   * The reason of a process whose code threw.
   *
   * @param error what was thrown
   * @return an abnormal reason
   */
  static ExitReason crashed(Throwable error) {
    return new Crashed(error);
  }

  /**
   * Whether this is {@code normal}, {@code shutdown} or {@code {shutdown, _}}.
   *
   * @return false if this is an abnormal reason
   */
  default boolean isClean() {
    return this instanceof Normal || this instanceof Shutdown;
  }

  /**
   * What happened, in one sentence, with the likely cause where there is one.
   *
   * @return a sentence without line breaks of its own
   */
  default String describe() {
    return switch (this) {
      case Normal() -> "it ended normally";
      case Shutdown(var detail) ->
          detail == null ? "it was shut down" : "it was shut down: " + text(detail);
      case Kill() -> "it was told to die at once (kill)";
      case Killed() -> "it was killed";
      case NoProcess() ->
          "there is no such process: it has ended, was never started, or the name is not"
              + " registered";
      case TimedOut() -> "no answer came within the time allowed";
      case CallingSelf() -> "a process called itself, which would have waited for ever";
      case CallCycle cycle ->
          "these processes waited for each other, and none could have gone on: " + cycle.path();
      case Crashed(var error) -> "its code threw " + text(error);
      case MailboxOverflow(int limit) ->
          "its mailbox was full: "
              + limit
              + " messages may wait there, and it handles them more slowly than they come";
      case CallFailure(var cause, var call) -> "the call " + call + " failed: " + cause.describe();
      case Custom(var term) -> "it ended with the reason " + text(term);
    };
  }

  /** The text of a value of the user's; reasons are shown where nothing may fail. */
  private static String text(Object value) {
    try {
      return "" + value; // unlike valueOf never null, whatever toString returns
    } catch (Throwable e) {
      return "a " + value.getClass().getName() + " whose toString failed";
    }
  }
}
