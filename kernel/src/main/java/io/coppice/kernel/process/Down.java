package io.coppice.kernel.process;

/**
 * The message that a monitor gives, at most once, when its target has ended (semantics P40–P46).
 *
 * @param ref what {@code monitor} returned
 * @param target the pid, or the name if the monitor was made by name (P41)
 * @param reason why the target ended; {@link ExitReason#NO_PROCESS} if it was not there
 */
public record Down(Ref ref, Object target, ExitReason reason) {}
