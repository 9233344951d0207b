package io.coppice.kernel.process;

/**
 * A new process together with the monitor its parent has on it (semantics P2).
 *
 * @param pid the new process
 * @param monitor the reference its {@link Down} will carry
 */
public record Spawned(Pid pid, Ref monitor) {}
