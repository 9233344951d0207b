package io.coppice.behaviours.statem;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a status or a termination report is about to show of a state machine, for its {@code
 * formatStatus} to shorten or to blacken (semantics GS25, SM51). It is the {@code state} of the
 * {@code SysStatus} of a machine.
 *
 * @param state the state
 * @param data the data
 * @param event the event that was being handled when the machine ended, else null
 * @param reason why the machine ended, null in a status
 * @param queue the events that wait to be handled, in their order
 * @param postponed the events that wait for a change of state, oldest first
 * @param timeouts what the timeouts that are set carry
 * @param callbackMode how events are handed over
 * @param modules the classes of the callbacks, those in force first
 * @param log the events of {@code Sys.log}, oldest first; empty if it is off
 */
public record StatemStatus(
    @Nullable Object state,
    @Nullable Object data,
    @Nullable Object event,
    @Nullable Object reason,
    List<?> queue,
    List<?> postponed,
    Map<TimeoutType, ?> timeouts,
    CallbackMode callbackMode,
    List<String> modules,
    List<? extends @Nullable Object> log) {
  /**
   * Shows something else as the state.
   *
   * @param shown what to show
   * @return a changed copy
   */
  public StatemStatus withState(@Nullable Object shown) {
    return new StatemStatus(
        shown, data, event, reason, queue, postponed, timeouts, callbackMode, modules, log);
  }

  /**
   * Shows something else as the data.
   *
   * @param shown what to show
   * @return a changed copy
   */
  public StatemStatus withData(@Nullable Object shown) {
    return new StatemStatus(
        state, shown, event, reason, queue, postponed, timeouts, callbackMode, modules, log);
  }

  /**
   * Shows something else as the event.
   *
   * @param shown what to show
   * @return a changed copy
   */
  public StatemStatus withEvent(@Nullable Object shown) {
    return new StatemStatus(
        state, data, shown, reason, queue, postponed, timeouts, callbackMode, modules, log);
  }

  /**
   * Shows something else as the reason.
   *
   * @param shown what to show
   * @return a changed copy
   */
  public StatemStatus withReason(@Nullable Object shown) {
    return new StatemStatus(
        state, data, event, shown, queue, postponed, timeouts, callbackMode, modules, log);
  }

  /**
   * Shows other events as those that wait.
   *
   * @param shown what to show as the queue
   * @param shownPostponed what to show as the postponed events
   * @return a changed copy
   */
  public StatemStatus withQueues(List<?> shown, List<?> shownPostponed) {
    return new StatemStatus(
        state, data, event, reason, shown, shownPostponed, timeouts, callbackMode, modules, log);
  }

  /**
   * Shows other timeouts.
   *
   * @param shown what to show
   * @return a changed copy
   */
  public StatemStatus withTimeouts(Map<TimeoutType, ?> shown) {
    return new StatemStatus(
        state, data, event, reason, queue, postponed, shown, callbackMode, modules, log);
  }

  /**
   * Shows something else as the log.
   *
   * @param shown what to show, oldest first
   * @return a changed copy
   */
  public StatemStatus withLog(List<? extends @Nullable Object> shown) {
    return new StatemStatus(
        state, data, event, reason, queue, postponed, timeouts, callbackMode, modules, shown);
  }
}
