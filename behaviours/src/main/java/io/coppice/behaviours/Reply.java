package io.coppice.behaviours;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.ExitReason;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a request (semantics G31).
 *
 * @param <R> the type of the answer
 */
public sealed interface Reply<R extends @Nullable Object> {
  /**
   * There is an answer.
   *
   * @param value the answer
   * @param <R> the type of the answer
   */
  record Answer<R extends @Nullable Object>(R value) implements Reply<R> {}

  /**
   * There will be none.
   *
   * @param reason why: {@code noproc}, the reason the process ended with, or what it refused the
   *     request with
   * @param server who was asked
   * @param <R> the type of the answer
   */
  record Failure<R extends @Nullable Object>(ExitReason reason, Address server)
      implements Reply<R> {}

  /**
   * The answer, for those who cannot do without.
   *
   * @return the answer
   * @throws CallFailed if there is none
   */
  default R orThrow() {
    return switch (this) {
      case Answer<R>(R value) -> value;
      case Failure<R>(ExitReason reason, Address server) ->
          throw new CallFailed(reason, "request(" + server + ")");
    };
  }
}
