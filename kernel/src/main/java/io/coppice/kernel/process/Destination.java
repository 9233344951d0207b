package io.coppice.kernel.process;

/**
 * Where a message can go: a process, or an alias of one. The kernel alone makes destinations; an
 * object of another class is refused with {@link IllegalArgumentException}. Immutable for its users
 * and safe to share between threads.
 */
public sealed interface Destination permits Pid, Alias {}
