package io.coppice.kernel.process;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@link Context#readTimerAsync} (semantics T8).
 *
 * @param ref the timer
 * @param left the time it has left, or null if it is not running
 */
public record TimerRead(Ref ref, @Nullable Duration left) {}
