package io.coppice.kernel.process;

/**
 * The message that an exit signal becomes in a process that traps exits (semantics 1.3).
 *
 * @param from the process the signal came from: the linked process that ended, or the sender of an
 *     {@code exit(pid, reason)}
 * @param reason its reason
 */
public record Exit(Pid from, ExitReason reason) {}
