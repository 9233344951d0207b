package io.coppice.kernel.process;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Messages that reached nobody since the last such report: one report per interval at most, however
 * many there were, and none if there were none. Level WARNING if a process does not keep up, so
 * that its mailbox was full or requests expired in it, else INFO: sending to a process that has
 * just ended is ordinary.
 *
 * @param counts how many, by reason; reasons without any are missing
 * @param interval the time over which they were counted, at least
 * @param examples the first few, each a line with the type of the message, the process it was meant
 *     for, the sender if it is known, and the reason
 */
public record UndeliveredReport(
    Map<Undelivered, Long> counts, Duration interval, List<String> examples) implements Report {
  /** Copies its collections. */
  public UndeliveredReport {
    Objects.requireNonNull(interval, "interval");
    counts = Map.copyOf(counts);
    examples = List.copyOf(examples);
  }

  @Override
  public Level level() {
    boolean late =
        counts.containsKey(Undelivered.MAILBOX_FULL) || counts.containsKey(Undelivered.EXPIRED);
    return late ? Level.WARNING : Level.INFO;
  }

  @Override
  public String text() {
    long sum = counts.values().stream().mapToLong(Long::longValue).sum();
    StringBuilder out = new StringBuilder();
    out.append(sum).append(sum == 1 ? " message was" : " messages were").append(" not delivered");
    if (!counts.isEmpty()) {
      var sorted = new EnumMap<Undelivered, Long>(counts);
      String separator = ": ";
      for (var entry : sorted.entrySet()) {
        out.append(separator).append(entry.getValue()).append(" because ");
        out.append(entry.getKey().describe());
        separator = ", ";
      }
    }
    out.append(" (in ").append(interval).append(')');
    for (String example : examples) {
      out.append("\n    e.g. ").append(example);
    }
    return out.toString();
  }
}
