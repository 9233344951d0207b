package io.coppice.supervisor;

import io.coppice.kernel.process.HandlerLimit;
import org.jspecify.annotations.Nullable;

/**
 * What a child has in place of OTP's ways when it fails, and what else counts as a failure: all of
 * it opt-in. Immutable.
 *
 * @param backoff how long to wait before a restart, or null: it is restarted at once
 * @param budget the restarts it may need, or null: they count for its supervisor
 * @param handlerLimit how long it may be at one message, or null: for ever
 */
public record Recovery(
    @Nullable Backoff backoff, @Nullable Budget budget, @Nullable HandlerLimit handlerLimit) {
  /** OTP's ways: at once, counted for the supervisor, and a handler may hang. */
  public static final Recovery PLAIN = new Recovery(null, null, null);

  /** Whether its failures are treated as in OTP. */
  boolean isPlain() {
    return backoff == null && budget == null;
  }

  Recovery withBackoff(Backoff value) {
    return new Recovery(value, budget, handlerLimit);
  }

  Recovery withBudget(Budget value) {
    return new Recovery(backoff, value, handlerLimit);
  }

  Recovery withHandlerLimit(HandlerLimit value) {
    return new Recovery(backoff, budget, value);
  }
}
