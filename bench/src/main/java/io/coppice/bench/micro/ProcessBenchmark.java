package io.coppice.bench.micro;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Spawn, send and call, made by a process. */
public class ProcessBenchmark extends NodeBenchmark {
  /** Scheduler threads. */
  @Param({"1", "2"})
  public int schedulers;

  /** Starts the node. */
  @Setup
  public void setup() {
    rounds = new Rounds(schedulers);
  }

  /** Closes the node. */
  @TearDown
  public void tearDown() {
    rounds.close();
  }

  /** A blocking process that is spawned, ends, and is noticed by a monitor. */
  @Benchmark
  @OperationsPerInvocation(Rounds.MANY)
  public void spawnBlocking() {
    rounds.spawnBlocking();
  }
}
