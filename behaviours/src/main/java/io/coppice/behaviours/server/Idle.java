package io.coppice.behaviours.server;

/**
 * What {@code handleInfo} gets when no message has come for the time given with {@link
 * Action#timeout(java.time.Duration)} (semantics GS10).
 */
public record Idle() {}
