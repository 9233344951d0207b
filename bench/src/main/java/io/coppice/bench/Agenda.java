package io.coppice.bench;

import io.coppice.bench.measure.Sampler.SampleFailed;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Samples that are to be taken, one after another. It says first how long that will take, now and
 * then how long it still will, and ends in time if there is a limit.
 */
public final class Agenda {
  private static final double REPORT_SECONDS = 60;

  /** One of them. */
  @FunctionalInterface
  public interface Sample {
    /**
     * Takes it, prints it and keeps it.
     *
     * @throws SampleFailed if it cannot be taken
     * @throws InterruptedException if the thread is interrupted
     */
    void take() throws SampleFailed, InterruptedException;
  }

  private record Item(double seconds, Sample sample) {}

  private final List<Item> items = new ArrayList<>();
  private int failures;
  private int left;

  /** Nothing to do yet. */
  public Agenda() {}

  /**
   * Adds one.
   *
   * @param seconds about how long it takes
   * @param sample how
   */
  public void add(double seconds, Sample sample) {
    items.add(new Item(seconds, sample));
  }

  /**
   * Takes them; those that fail are told and counted, and the others go on.
   *
   * @param console to say so
   * @param minutes no sample is begun that would probably end later; empty for no limit
   * @throws InterruptedException if the thread is interrupted
   */
  public void run(Console console, OptionalDouble minutes) throws InterruptedException {
    double expected = items.stream().mapToDouble(Item::seconds).sum();
    console.warn(items.size() + " samples, about " + time(expected));
    double limit = minutes.orElse(Double.POSITIVE_INFINITY) * 60;
    long start = System.nanoTime();
    double planned = 0;
    double said = 0;
    for (int i = 0; i < items.size(); i++) {
      Item item = items.get(i);
      double passed = (System.nanoTime() - start) / 1e9;
      double pace = planned > 0 ? passed / planned : 1;
      if (passed + pace * item.seconds() > limit) {
        left = items.size() - i;
        console.warn("The time is over; " + left + " samples were not taken.");
        break;
      }
      if (passed > said + REPORT_SECONDS) {
        said = passed;
        console.warn(i + " of " + items.size() + ", still " + time(pace * (expected - planned)));
      }
      try {
        item.sample().take();
      } catch (SampleFailed e) {
        failures++;
        console.warn(String.valueOf(e.getMessage()));
      }
      planned += item.seconds();
    }
    if (failures > 0) {
      console.warn(failures + " samples could not be taken, see above.");
    }
  }

  private static String time(double seconds) {
    return seconds < 120
        ? String.format(Locale.ROOT, "%.0f s", seconds)
        : String.format(Locale.ROOT, "%.0f minutes", seconds / 60);
  }

  /**
   * Samples that failed.
   *
   * @return how many
   */
  public int failures() {
    return failures;
  }

  /**
   * Samples for which there was no time.
   *
   * @return how many
   */
  public int left() {
    return left;
  }
}
