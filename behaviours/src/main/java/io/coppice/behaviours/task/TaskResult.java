package io.coppice.behaviours.task;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.ExitReason;
import org.jspecify.annotations.Nullable;

/**
 * What came of a task (semantics TK4).
 *
 * @param <T> the type of the result
 */
public sealed interface TaskResult<T extends @Nullable Object> {
  /**
   * It has a result ({@code {ok, Value}}).
   *
   * @param value the result
   * @param <T> the type of the result
   */
  record Ok<T extends @Nullable Object>(T value) implements TaskResult<T> {}

  /**
   * It ended without one ({@code {exit, Reason}}).
   *
   * @param reason why; {@link ExitReason.Crashed} holds what the code of the task threw, with the
   *     stack trace of the task
   * @param input the element that the task was given, where {@link StreamOptions#zipInput} asks for
   *     it; else null
   * @param <T> the type of the result
   */
  record Failed<T extends @Nullable Object>(ExitReason reason, @Nullable Object input)
      implements TaskResult<T> {
    /**
     * Without the input.
     *
     * @param reason why
     */
    public Failed(ExitReason reason) {
      this(reason, null);
    }
  }

  /**
   * The result, for those who cannot do without.
   *
   * @return the result
   * @throws CallFailed if there is none; its cause is what the code of the task threw
   */
  default T orThrow() {
    return switch (this) {
      case Ok<T>(T value) -> value;
      case Failed<T>(ExitReason reason, var input) ->
          throw TaskFailure.of(reason, input == null ? "a task" : "the task for " + input);
    };
  }
}
