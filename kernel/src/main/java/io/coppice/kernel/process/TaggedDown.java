package io.coppice.kernel.process;

/**
 * What a monitor with a {@linkplain MonitorOptions#tag tag} gives in place of {@link Down}
 * (semantics P47).
 *
 * @param tag the tag given to {@code monitor}
 * @param ref what {@code monitor} returned
 * @param target the pid, or the name if the monitor was made by name (P41)
 * @param reason why the target ended; {@link ExitReason#NO_PROCESS} if it was not there
 */
public record TaggedDown(Object tag, Ref ref, Object target, ExitReason reason) {}
