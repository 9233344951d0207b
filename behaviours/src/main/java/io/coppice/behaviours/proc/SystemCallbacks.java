package io.coppice.behaviours.proc;

import io.coppice.behaviours.StatusView;
import io.coppice.kernel.process.ExitReason;
import org.jspecify.annotations.Nullable;

/**
 * What system messages act on in a process with a loop of its own (semantics SY13). All are called
 * by that process, inside of {@link SystemLoop#receive()}.
 *
 * @param <S> the state
 */
public interface SystemCallbacks<S> {
  /**
   * The state, as {@code Sys.getState} gives it.
   *
   * @return an immutable object
   */
  S state();

  /**
   * Goes on with another state: {@code Sys.replaceState} or a change of code has made it.
   *
   * @param state the new state
   */
  void state(S state);

  /**
   * Turns the state into one of new code (SY6).
   *
   * @param code the new code as {@code Sys.changeCode} was given it, or null
   * @param oldVersion the version, as it was given
   * @param extra anything, as it was given
   * @return the state for the new code
   * @throws Exception to refuse; nothing has changed then
   */
  default S codeChange(@Nullable Object code, @Nullable Object oldVersion, @Nullable Object extra)
      throws Exception {
    throw new UnsupportedOperationException(
        getClass().getName() + " has no codeChange, which was asked for " + extra);
  }

  /**
   * Shortens or blackens what the status shows (GS25).
   *
   * @param view what would be shown
   * @return what is shown
   * @throws Exception to show nothing
   */
  default StatusView formatStatus(StatusView view) throws Exception {
    return view;
  }

  /**
   * Cleans up. Runs when {@code Sys.terminate} or the exit of the parent ends the process (SY3,
   * SY7), and not when its loop ends by itself.
   *
   * @param reason what the process is going to end with
   * @throws Exception to end with that error instead
   */
  default void terminate(ExitReason reason) throws Exception {}
}
