package io.coppice.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How long samples will take, as far as earlier figures tell: for people who wait. */
public final class Expectation {
  private static final double START_SECONDS = 1.2; // of a JVM with its heap touched, or a VM
  private static final double UNKNOWN_MICROS = 60_000;
  private final Effort effort;
  private final Map<String, Double> micros = new HashMap<>();

  /**
   * Expects samples to take the time that rows of a baseline say.
   *
   * @param effort how long workloads are run
   * @param baseline if there is such a file
   * @throws IOException if it cannot be read
   */
  public Expectation(Effort effort, Path baseline) throws IOException {
    this.effort = effort;
    if (Files.isReadable(baseline)) {
      Results.load(baseline).rows().forEach(row -> learn("", row));
    }
  }

  /**
   * A figure that is known.
   *
   * @param contender whose; empty for everybody without a figure of their own
   * @param row the figure
   */
  public void learn(String contender, Row row) {
    if (row.unit().equals("us")) {
      micros.merge(contender + '\t' + base(row.name()), row.median(), Math::max);
    }
  }

  /**
   * About how long a sample takes.
   *
   * @param contender whose
   * @param row its name
   * @param factor how many times as long as Coppice's, if it is not known
   * @return seconds
   */
  public double seconds(String contender, String row, double factor) {
    Double own = known(contender, base(row));
    Double ours = known("", base(row));
    return START_SECONDS
        + effort.seconds(own != null ? own : factor * (ours != null ? ours : UNKNOWN_MICROS));
  }

  /** Of the row, or of the longest name it begins with. */
  private @Nullable Double known(String contender, String row) {
    Double found = micros.get(contender + '\t' + row);
    int cut = row.lastIndexOf('_');
    return found != null || cut < 0 ? found : known(contender, row.substring(0, cut));
  }

  /** Gauges take as long as the work they look at. */
  private static String base(String name) {
    return name.replaceFirst("/.*", "").replace('@', '_').replaceFirst("_bytes.*", "");
  }
}
