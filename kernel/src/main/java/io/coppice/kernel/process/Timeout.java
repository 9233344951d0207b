package io.coppice.kernel.process;

/**
 * What a timer started with {@code startTimer} delivers (semantics T1).
 *
 * @param ref what {@code startTimer} returned
 * @param message the message given there
 */
public record Timeout(Ref ref, Object message) {}
