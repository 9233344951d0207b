package io.coppice.bench.measure;

import io.coppice.bench.suite.Workload;
import java.util.List;

/** Takes one sample of a workload: warm-up and measured runs. */
@FunctionalInterface
public interface Sampler {
  /**
   * Takes a sample.
   *
   * @param workload what to measure
   * @param knobs the node
   * @return its rows
   * @throws SampleFailed if it could not be taken
   * @throws InterruptedException if the thread is interrupted
   */
  List<Row> sample(Workload workload, Knobs knobs) throws SampleFailed, InterruptedException;

  /** A sample that could not be taken; the message says why. */
  final class SampleFailed extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Made by samplers.
     *
     * @param message one sentence
     */
    public SampleFailed(String message) {
      super(message);
    }
  }

  /**
   * In this JVM, where earlier workloads have left their marks on the compiled code.
   *
   * @param effort how long
   * @return a sampler
   */
  static Sampler here(Effort effort) {
    return (workload, knobs) -> {
      try (Harness harness = new Harness(knobs)) {
        return harness.measure(workload, effort);
      } catch (IllegalStateException e) {
        throw new SampleFailed(String.valueOf(e.getMessage()));
      }
    };
  }
}
