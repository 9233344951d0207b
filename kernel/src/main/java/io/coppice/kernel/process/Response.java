package io.coppice.kernel.process;

import org.jspecify.annotations.Nullable;

/**
 * The message that brings the outcome of a {@link Context#sendRequest} (semantics G30–G34).
 *
 * @param ref what {@code sendRequest} returned
 * @param answer the answer; meaningful only if {@code failure} is null
 * @param failure why there is no answer, or null if there is one
 */
public record Response(Ref ref, @Nullable Object answer, @Nullable ExitReason failure) {}
