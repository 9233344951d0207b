package io.coppice.behaviours;

import io.coppice.kernel.process.ExitReason;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Sys} asks of a process: the payload of a call that every behaviour understands
 * (semantics SY1, SY13). A process of one's own that answers it can be looked at in the same way.
 *
 * @param command what is asked
 */
public record SystemRequest(Command command) {
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

  /**
   * Null.
   *
   * @param size how many events to keep, 0 to turn the log off
   */
  public record SetLog(int size) implements Command {}

  /** The list of the events, oldest first; empty if the log is off. */
  public record GetLog() implements Command {}

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
