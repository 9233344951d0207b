package io.coppice.bench.peer;

import io.coppice.bench.measure.Row;
import io.coppice.bench.measure.Sampler.SampleFailed;
import java.util.List;

/** A runtime that is there and ready: its workloads, and a way to take samples of them. */
interface Peer {
  /** What the results call it, with its version. */
  String name();

  /** The names of its workloads, variants included. */
  List<String> workloads();

  /** How many times as long as Coppice it takes, about: only to tell how long all will take. */
  double slowness();

  /** Takes a sample; the rows' names end in the number of threads. */
  List<Row> sample(String workload, int threads) throws SampleFailed, InterruptedException;

  /** A peer that this machine does not have; the message says why. */
  final class Missing extends Exception {
    private static final long serialVersionUID = 1L;

    Missing(String message) {
      super(message);
    }
  }
}
