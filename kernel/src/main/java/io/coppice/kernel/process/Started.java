package io.coppice.kernel.process;

import org.jspecify.annotations.Nullable;

/**
 * A process that has acknowledged its start (semantics G1, PL2).
 *
 * @param pid the new process
 * @param answer what it replied to its first message
 * @param monitor the monitor asked for with {@link SpawnOptions#monitored()}, or null
 */
public record Started(Pid pid, @Nullable Object answer, @Nullable Ref monitor) {}
