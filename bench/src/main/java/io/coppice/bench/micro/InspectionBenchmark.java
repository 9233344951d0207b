package io.coppice.bench.micro;

import java.io.IOException;
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

/** What it costs a process to be looked at: the same work, watched in different ways. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // set up before each trial
public class InspectionBenchmark {
  /** Who looks. */
  @Param public Look look;

  private Rounds rounds;
  private Inspection inspection;

  /** Starts the node, and then the look at it. */
  @Setup
  public void setup() {
    rounds = new Rounds(1);
    inspection = new Inspection(look, rounds);
  }

  /**
   * Ends the look, which must have seen something, and closes the node.
   *
   * @throws IOException if there is no room for a recording
   * @throws InterruptedException if the thread is interrupted
   */
  @TearDown
  public void tearDown() throws IOException, InterruptedException {
    try {
      rounds.spawnReactive(); // something to be seen, also where nothing starts and ends
      inspection.end();
    } finally {
      rounds.close();
    }
  }

  /** A call of a blocking process. */
  @Benchmark
  @OperationsPerInvocation(Rounds.MANY)
  public void call() {
    rounds.call();
  }

  /** A message to one process. */
  @Benchmark
  @OperationsPerInvocation(Rounds.MANY)
  public void send() {
    rounds.send();
  }

  /** A process that starts and ends: here the flight recorder is told of it. */
  @Benchmark
  @OperationsPerInvocation(Rounds.MANY)
  public void spawn() {
    rounds.spawnReactive();
  }
}
