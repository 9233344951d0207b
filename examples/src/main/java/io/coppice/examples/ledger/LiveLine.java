package io.coppice.examples.ledger;

import io.coppice.examples.ledger.load.Meter;
import java.io.PrintStream;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** One line a second: how it feels from outside, and what is going on inside. */
final class LiveLine {
  private static final int BAR_WIDTH = 20;
  private static final String RESET = "\033[0m";
  private final PrintStream out;
  private final boolean colour;
  private final char block;
  private long retriesBefore;
  private double most = 1;

  LiveLine(PrintStream out, boolean colour) {
    this.out = out;
    this.colour = colour;
    this.block = out.charset().newEncoder().canEncode('█') ? '█' : '#';
  }

  void header() {
    out.println(
        "  time                            req/s     p50 ms    p99 ms   crashes  restarts "
            + " retries");
  }

  void print(long second, double seconds, Meter meter, Incidents incidents) {
    Histogram times = meter.interval();
    double rate = times.getTotalCount() / seconds;
    most = Math.max(most, rate);
    long retries = meter.retries();
    boolean calm = retries == retriesBefore;
    retriesBefore = retries;
    out.println(
        String.format(
            Locale.ROOT,
            "%4d s  %s %8.0f  %8.2f  %8.2f  %8d  %8d  %7d",
            second,
            bar(rate, calm),
            rate,
            millis(times, 50),
            millis(times, 99),
            incidents.crashes(),
            incidents.restarts(),
            retries));
    out.flush();
  }

  /** Green while nobody had to ask twice, yellow while somebody had, red while all stand still. */
  private String bar(double rate, boolean calm) {
    int length = (int) Math.round(rate / most * BAR_WIDTH);
    String bar = String.valueOf(block).repeat(length) + " ".repeat(BAR_WIDTH - length);
    return colour ? paint(rate, calm) + bar + RESET : bar;
  }

  private static String paint(double rate, boolean calm) {
    return rate == 0 ? "\033[31m" : calm ? "\033[32m" : "\033[33m";
  }

  private static double millis(Histogram micros, double percentile) {
    return micros.getTotalCount() == 0 ? 0 : micros.getValueAtPercentile(percentile) / 1000.0;
  }
}
