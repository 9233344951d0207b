package io.coppice.bench.measure;

import java.util.List;

/**
 * Whether a row has become slower.
 *
 * <p>Noise only ever adds time, and it seldom meets all samples: so the best of the samples is
 * judged, and only if both its median and its minimum are beyond the threshold is the row called
 * slower. A change of the code moves both; a neighbour on the machine moves mostly the median.
 *
 * @param baseline what it was
 * @param median the least median of the new samples
 * @param min the least run of the new samples
 * @param threshold how much more is too much, as a fraction
 */
public record Regression(Row baseline, double median, double min, double threshold) {
  /**
   * Compares.
   *
   * @param baseline what it was
   * @param samples what it is now, one or more samples of the same row
   * @param threshold how much more is too much, as a fraction
   * @return the comparison
   */
  public static Regression of(Row baseline, List<Row> samples, double threshold) {
    return new Regression(
        baseline,
        samples.stream().mapToDouble(Row::median).min().orElseThrow(),
        samples.stream().mapToDouble(Row::min).min().orElseThrow(),
        threshold);
  }

  /**
   * Whether the row is slower, as far as these samples tell.
   *
   * @return true if another sample is needed, or if there were enough, that it is slower
   */
  public boolean isSlower() {
    return median > baseline.median() * (1 + threshold) && min > baseline.min() * (1 + threshold);
  }

  /**
   * The change of the median.
   *
   * @return a fraction, negative if it has become faster
   */
  public double change() {
    return median / baseline.median() - 1;
  }
}
