package io.coppice.kernel.scheduler;

import io.coppice.kernel.process.Reporter;

/**
 * How the schedulers of a node behave. All times in nanoseconds.
 *
 * @param node the node's name, the beginning of its threads' names
 * @param schedulers regular scheduler threads
 * @param sliceNanos after this time a turn is to end at its next chance; also the monitor's pulse
 * @param stuckNanos after this time within one turn a scheduler counts as stuck
 * @param reportNanos after this time within one turn the process is reported
 * @param extraSchedulersMax schedulers that may run in place of stuck ones
 * @param killsAtBound whether the longest turn is killed when all are stuck and none may be added
 * @param extraIdleNanos how long there may be too many of them before some end
 * @param blockingThreadsMax threads for blocking sections
 * @param cpuThreads threads for computations
 * @param stopNanos how long closing waits for the threads
 * @param reporter gets reports of long turns; neither blocks nor throws
 */
public record SchedulerConfig(
    String node,
    int schedulers,
    long sliceNanos,
    long stuckNanos,
    long reportNanos,
    int extraSchedulersMax,
    boolean killsAtBound,
    long extraIdleNanos,
    int blockingThreadsMax,
    int cpuThreads,
    long stopNanos,
    Reporter reporter) {
  String threadName(String role) {
    return node + "-" + role;
  }
}
