package io.coppice.examples.logs;

import java.util.Map;
import java.util.TreeMap;

/**
 * What is in some lines of an access log.
 *
 * @param requests how many lines
 * @param bytes sent for all of them together
 * @param byStatus how many had which status
 */
record Totals(long requests, long bytes, Map<Integer, Long> byStatus) {
  static final Totals NONE = new Totals(0, 0, Map.of());

  Totals {
    byStatus = Map.copyOf(byStatus);
  }

  /**
   * Counts lines: {@code 2026-01-01T00:00:00Z GET /cart 200 5120}.
   *
   * @throws IllegalArgumentException if one has no status and size at its end
   */
  static Totals of(String lines) {
    Map<Integer, Long> byStatus = new TreeMap<>();
    long requests = 0;
    long bytes = 0;
    for (String line : (Iterable<String>) lines.lines()::iterator) {
      int size = line.lastIndexOf(' ');
      int status = line.lastIndexOf(' ', size - 1);
      try {
        bytes += Long.parseLong(line, size + 1, line.length(), 10);
        byStatus.merge(Integer.parseInt(line, status + 1, size, 10), 1L, Long::sum);
      } catch (NumberFormatException | IndexOutOfBoundsException wrong) {
        throw new IllegalArgumentException("no line of an access log: " + line, wrong);
      }
      requests++;
    }
    return new Totals(requests, bytes, byStatus);
  }

  Totals plus(Totals more) {
    Map<Integer, Long> sums = new TreeMap<>(byStatus);
    more.byStatus.forEach((status, count) -> sums.merge(status, count, Long::sum));
    return new Totals(requests + more.requests, bytes + more.bytes, sums);
  }

  @Override
  public String toString() {
    return "%,d requests, %,d bytes, by status %s"
        .formatted(requests, bytes, new TreeMap<>(byStatus));
  }
}
