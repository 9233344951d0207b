package io.coppice.kernel.process;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of {@link Context#cancelTimerAsync} (semantics T8).
 *
 * @param ref the timer
 * @param left the time it had left, and its message will never arrive; or null: it has fired, was
 *     cancelled before, or is no timer
 */
public record TimerCancelled(Ref ref, @Nullable Duration left) {}
