package io.coppice.behaviours;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a status or a termination report is about to show of a process, for its {@code formatStatus}
 * to shorten or to blacken (semantics GS25).
 *
 * @param state the state
 * @param message the message that was being handled when the process ended, else null
 * @param reason why the process ended, null in a status
 * @param log the events of {@link Sys#log}, oldest first; empty if it is off
 */
public record StatusView(
    @Nullable Object state,
    @Nullable Object message,
    @Nullable Object reason,
    List<? extends @Nullable Object> log) {
  /**
   * Shows something else as the state.
   *
   * @param shown what to show
   * @return a changed copy
   */
  public StatusView withState(@Nullable Object shown) {
    return new StatusView(shown, message, reason, log);
  }

  /**
   * Shows something else as the message.
   *
   * @param shown what to show
   * @return a changed copy
   */
  public StatusView withMessage(@Nullable Object shown) {
    return new StatusView(state, shown, reason, log);
  }

  /**
   * Shows something else as the reason.
   *
   * @param shown what to show
   * @return a changed copy
   */
  public StatusView withReason(@Nullable Object shown) {
    return new StatusView(state, message, shown, log);
  }

  /**
   * Shows something else as the log.
   *
   * @param shown what to show, oldest first
   * @return a changed copy
   */
  public StatusView withLog(List<? extends @Nullable Object> shown) {
    return new StatusView(state, message, reason, shown);
  }
}
