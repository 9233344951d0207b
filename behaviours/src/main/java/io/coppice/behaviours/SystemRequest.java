package io.coppice.behaviours;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.StandingOrder;
import io.coppice.supervisor.SupervisorAccess;
import io.coppice.supervisor.SupervisorRequest;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Sys} asks of a process: the payload of a call that every behaviour understands
 * (semantics SY1, SY13), and every supervisor, but for what watches a process. A process of one's
 * own that answers it can be looked at in the same way. It is carried out also if the client has
 * stopped waiting (G42).
 *
 * @param command what is asked
 */
public record SystemRequest(Command command) implements SupervisorRequest, StandingOrder {
  /** The system messages. The comment says what the reply is. */
  public sealed interface Command {}

  /** The state. */
  public record GetState() implements Command {}

  /**
   * The new state; fails with {@link CallbackFailed}.
   *
   * @param change from the old state to the new one
   */
  public record ReplaceState(UnaryOperator<@Nullable Object> change) implements Command {}

  /** A {@link SysStatus}. */
  public record GetStatus() implements Command {}

  /** Answers for a supervisor, which knows nothing of system messages. */
  @Override
  public void answer(Request request, SupervisorAccess supervisor) throws Exception {
    SupervisorSide.answer(request, command, supervisor);
  }

  /** What is asked, without the envelope. */
  @Override
  public String toString() {
    return "sys." + command;
  }

  /** Null. */
  public record Suspend() implements Command {}

  /** Null. */
  public record Resume() implements Command {}

  /**
   * No reply: the process ends.
   *
   * @param reason what it ends with
   */
  public record Terminate(ExitReason reason) implements Command {}

  /**
   * Null; fails while the process is not suspended.
   *
   * @param code the new callbacks, or null to keep the old object
   * @param oldVersion the version of the state, for {@code codeChange}
   * @param extra anything, for {@code codeChange}
   */
  public record ChangeCode(
      @Nullable Object code, @Nullable Object oldVersion, @Nullable Object extra)
      implements Command {}

  /** The system messages about what watches the process (SY9, SY10). */
  public sealed interface Debugging extends Command {}

  /**
   * Null.
   *
   * @param size how many events to keep, 0 to turn the log off
   */
  public record SetLog(int size) implements Debugging {}

  /** The list of the events, oldest first; empty if the log is off. */
  public record GetLog() implements Debugging {}

  /**
   * Null.
   *
   * @param on whether to count from now on
   */
  public record SetStatistics(boolean on) implements Debugging {}

  /** A {@link SysStatistics}, or null if nothing is counted. */
  public record GetStatistics() implements Debugging {}

  /**
   * Null.
   *
   * @param on whether each event is reported
   */
  public record SetTrace(boolean on) implements Debugging {}

  /**
   * Null; fails with the {@link java.io.IOException} if the file cannot be written.
   *
   * @param file the path of the file that is emptied and then gets a line for each event, or null
   *     for none
   */
  public record LogToFile(@Nullable String file) implements Debugging {}

  /**
   * Null.
   *
   * @param id the name of the function
   * @param state its first state
   * @param function what is called for each event
   * @param <S> its state
   */
  public record Install<S>(Object id, S state, DebugFunction<S> function) implements Debugging {}

  /**
   * Whether there was such a function.
   *
   * @param id the name of the function that goes
   */
  public record Remove(Object id) implements Debugging {}

  /** Null. */
  public record NoDebug() implements Debugging {}

  /**
   * Fails with {@link Unknown}, unless the process knows what it means (SY11).
   *
   * @param term what is asked
   */
  public record Other(Object term) implements Command {}

  /**
   * The term of the reason with which a system request fails that the process does not understand,
   * or not now (SY6, SY11).
   *
   * @param command what was asked
   */
  public record Unknown(Object command) {
    @Override
    public String toString() {
      return "{unknown_system_msg, " + command + "}";
    }
  }

  /**
   * The term of the reason with which {@link Sys#replaceState} fails when the given function threw
   * (SY5).
   *
   * @param error what it threw
   */
  public record CallbackFailed(Throwable error) {
    @Override
    public String toString() {
      return "{callback_failed, " + error + "}";
    }
  }
}
