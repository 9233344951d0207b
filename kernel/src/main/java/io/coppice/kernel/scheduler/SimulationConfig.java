package io.coppice.kernel.scheduler;

/**
 * How a simulation runs.
 *
 * @param seed decides all choices
 * @param limitNanos real time that a drive may take
 * @param name the beginning of the names of its threads
 * @param threadPerTurn whether no turn shares its virtual thread with another: then a lock that is
 *     held across turns is held by a thread that is gone
 */
public record SimulationConfig(long seed, long limitNanos, String name, boolean threadPerTurn) {}
