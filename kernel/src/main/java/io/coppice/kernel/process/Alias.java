package io.coppice.kernel.process;

/**
 * A reference that a process hands out so that others can send to it until it takes the reference
 * back (semantics P50–P56).
 *
 * <p>Whoever has an alias can send through it, and nothing else: its owner, and whether it is still
 * active, cannot be found out (P55). Sending never fails (P56). Whether a message gets through is
 * decided when it is received, in the order of all signals of its sender: what comes through an
 * inactive alias is dropped and counted (P51). Made by {@link Context#alias(AliasMode, Priority)}
 * and {@link Context#monitor(Pid, MonitorOptions)}; the kernel keeps no list of them, so an alias
 * that everybody has forgotten costs nothing. Safe to share between threads.
 */
public non-sealed interface Alias extends Ref, Destination {}
