package io.coppice.bench.micro;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a process does on a node, over and over; who sets the node up is said elsewhere. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // set up before each trial
public abstract class NodeBenchmark extends Nanoseconds {
  /** The node; made before each trial. */
  Rounds rounds;

  /** Made by JMH. */
  protected NodeBenchmark() {}

  /** A reactive process that is spawned, gets a message, ends, and is noticed by a monitor. */
  @Benchmark
  @OperationsPerInvocation(Rounds.MANY)
  public void spawnReactive() {
    rounds.spawnReactive();
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
