package io.coppice.kernel.process;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A result and the time it took to get it (semantics T12, {@code tc}).
 *
 * @param time on the node's clock, zero or more
 * @param value the result
 * @param <T> its type
 */
public record Timed<T extends @Nullable Object>(Duration time, T value) {}
