package io.coppice.bench.micro;

import java.io.IOException;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What it costs a process to be looked at: the same work, watched in different ways. The flight
 * recorder is told of a process that starts and ends.
 */
@SuppressWarnings("NullAway.Init") // set up before each trial
public class InspectionBenchmark extends NodeBenchmark {
  /** Who looks. */
  @Param public Look look;

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
}
