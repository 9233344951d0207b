package io.coppice.kernel.inspect;

import io.coppice.kernel.cell.Glance;
import io.coppice.kernel.process.ProcessStatus;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Many processes in one line. For one thread. */
final class Totals {
  private final Map<ProcessStatus, Integer> byStatus = new EnumMap<>(ProcessStatus.class);
  private int count;
  private long queued;

  void add(Glance process) {
    byStatus.merge(process.status(), 1, Integer::sum);
    count++;
    queued += process.queueLength();
  }

  int count() {
    return count;
  }

  long queued() {
    return queued;
  }

  /** For instance {@code 1,180 idle, 2 running}. */
  String statuses() {
    StringBuilder out = new StringBuilder();
    byStatus.forEach(
        (status, number) -> {
          out.append(out.isEmpty() ? "" : ", ").append(number(number)).append(' ');
          out.append(word(status));
        });
    return out.toString();
  }

  private static String word(ProcessStatus status) {
    return switch (status) {
      case RUNNABLE -> "ready";
      case EXITING -> "ending";
      default -> status.name().toLowerCase(Locale.ROOT);
    };
  }

  static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  static String count(long value, String one, String many) {
    return number(value) + " " + (value == 1 ? one : many);
  }
}
