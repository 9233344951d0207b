package io.coppice.bench.micro;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Spawn, send and call, made by a process. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // set up before each trial
public class ProcessBenchmark {
  /** Scheduler threads. */
  @Param({"1", "2"})
  public int schedulers;

  private Rounds rounds;

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

  /** A reactive process that is spawned, gets a message, ends, and is noticed by a monitor. */
  @Benchmark
  @OperationsPerInvocation(Rounds.MANY)
  public void spawnReactive() {
    rounds.spawnReactive();
  }

  /** A blocking process that is spawned, ends, and is noticed by a monitor. */
  @Benchmark
  @OperationsPerInvocation(Rounds.MANY)
  public void spawnBlocking() {
    rounds.spawnBlocking();
  }

  /** A message to one process. */
  @Benchmark
  @OperationsPerInvocation(Rounds.MANY)
  public void send() {
    rounds.send();
  }

  /** A call of a blocking process. */
  @Benchmark
  @OperationsPerInvocation(Rounds.MANY)
  public void call() {
    rounds.call();
  }
}
