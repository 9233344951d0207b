package io.coppice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.bench.measure.Effort;
import io.coppice.bench.measure.Expectation;
import io.coppice.bench.measure.Regression;
import io.coppice.bench.measure.Results;
import io.coppice.bench.measure.Row;
import io.coppice.bench.measure.Sweep;
import io.coppice.kernel.Knob;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgementTest {
  private static final Row BASELINE = new Row("ring/1", 100, 90, 300, 15);

  private static Row row(double median, double min) {
    return new Row("ring/1", median, min, 2 * median, 15);
  }

  private static boolean slower(Row... samples) {
    return Regression.of(BASELINE, List.of(samples), 0.1).isSlower();
  }

  @Test
  @DisplayName(
      "A row is slower only if median and minimum of its best samples are beyond the limit")
  void slowerInBoth() {
    assertTrue(slower(row(120, 105)));
    assertFalse(slower(row(109, 105)), "the median is within the threshold");
    assertFalse(slower(row(150, 95)), "the minimum is within the threshold");
    assertFalse(slower(row(150, 140), row(104, 95)), "noise met only one of the samples");
    assertTrue(slower(row(150, 140), row(130, 120), row(125, 110)));
  }

  @Test
  @DisplayName(
      "The figures of several samples are the median of medians, the least and the greatest")
  void merge() {
    Row merged = Row.merge(List.of(row(100, 90), row(300, 80), row(120, 85)));
    assertEquals(new Row("ring/1", 120, 80, 600, 45), merged);
    assertEquals(new Row("x", 2.5, 1, 9, 4), Row.of("x", 9, 1, 3, 2));
  }

  @Test
  @DisplayName("A baseline is read back as it was written")
  void baseline(@TempDir Path folder) throws Exception {
    Results written = new Results();
    written.add(row(100, 90));
    written.add(row(110, 80));
    written.add(new Row("fan_out_compute/1", 5, 4, 6, 15));
    written.add(new Row("fan_out_compute/2", 2.5, 2, 3, 15));
    Path file = folder.resolve("sub").resolve("baseline.tsv");
    written.save(file, Effort.BRIEF);
    assertEquals(Effort.BRIEF, Results.load(file).effort());
    assertEquals(2, Results.load(file).samples("ring/1"), "each sample is there");
    assertEquals(
        written.rows().stream().map(Row::line).toList(),
        Results.load(file).rows().stream().map(Row::line).toList());
    assertEquals(
        200, written.rows().getLast().median(), "one scheduler takes twice the time of two");
  }

  @Test
  @DisplayName("A knob matters if its values differ by more than noise explains")
  void effects() {
    Map<Knob, Long> normal = Map.of(Knob.TURN_MESSAGES, 128L, Knob.TIME_SLICE, 1000L);
    Map<Knob, List<Long>> values =
        Map.of(Knob.TURN_MESSAGES, List.of(16L, 128L), Knob.TIME_SLICE, List.of(250L, 1000L));
    Sweep sweep = new Sweep();
    double noise = 0;
    for (Map<Knob, Long> setting : Sweep.star(normal, values)) {
      boolean small = setting.getOrDefault(Knob.TURN_MESSAGES, 0L) == 16L;
      sweep.add(new Sweep.Point("ring", setting, row(small ? 150 : 100 + noise, 90)));
      noise += 1;
    }
    List<Sweep.Effect> effects = sweep.effects(normal).getOrDefault("ring", List.of());
    assertEquals(2, effects.size());
    for (Sweep.Effect effect : effects) {
      assertEquals(effect.knob() == Knob.TURN_MESSAGES, effect.matters(), effect::toString);
    }
    assertEquals(4, Sweep.star(normal, values).size());
    assertEquals(5, Sweep.grid(normal, values).size());
    assertEquals(5, sweep.csv().size());
  }

  @Test
  @DisplayName("A kind of load is advised what makes its workloads faster together, beyond noise")
  void advice() {
    Map<Knob, Long> normal = Map.of(Knob.TURN_MESSAGES, 128L);
    Map<Knob, List<Long>> values = Map.of(Knob.TURN_MESSAGES, List.of(16L, 1024L));
    Sweep sweep = new Sweep();
    for (Map<Knob, Long> setting : Sweep.star(normal, values)) {
      long turn = setting.getOrDefault(Knob.TURN_MESSAGES, 0L);
      sweep.add(new Sweep.Point("a", setting, row(turn == 1024 ? 70 : 100, 50)));
      sweep.add(new Sweep.Point("b", setting, row(turn == 16 ? 99 : 100, 50)));
    }
    assertEquals(1024, sweep.advice(List.of("a", "b"), normal).getFirst().best());
    assertEquals(128, sweep.advice(List.of("b"), normal).getFirst().best(), "1 % is nothing");
    assertEquals(2, sweep.count("a", normal));
    Sweep once = new Sweep();
    once.add(new Sweep.Point("a", normal, row(100, 90)));
    once.add(new Sweep.Point("a", Map.of(Knob.TURN_MESSAGES, 16L), row(50, 40)));
    assertFalse(
        once.effects(normal).getOrDefault("a", List.of()).getFirst().matters(),
        "without a second sample nobody knows the noise");
    assertEquals(128, once.advice(List.of("a"), normal).getFirst().best());
    Sweep loaded = new Sweep();
    loaded.load(sweep.csv(), List.copyOf(normal.keySet()));
    assertEquals(sweep.csv(), loaded.csv());
    assertThrows(
        IllegalArgumentException.class, () -> loaded.load(sweep.csv(), List.of(Knob.SCHEDULERS)));
  }

  @Test
  @DisplayName("A warm-up lasts for its time and its runs, but slow runs are cut short")
  void warmUp() throws Exception {
    AtomicInteger made = new AtomicInteger();
    assertEquals(List.of(2, 3, 4), Effort.QUICK.measure(made::incrementAndGet));
    Expectation expectation = new Expectation(Effort.FULL, Path.of("no such file"));
    expectation.learn("", new Row("slow/1", 10e6, 9e6, 11e6, 7));
    expectation.learn("", new Row("slow/2", 5e6, 4e6, 6e6, 7)); // the slower one counts
    expectation.learn("", new Row("fast/1", 100, 90, 110, 15));
    assertEquals(1.2 + 10 * (3 + 7), expectation.seconds("", "slow/2", 1), 0.01);
    assertEquals(1.2 + 4, expectation.seconds("", "fast_blocking/2", 1), 0.01);
    double twice = expectation.seconds("other", "slow@variant/1", 0.1);
    assertEquals(1.2 + 15 + 15, twice, 0.01, "a tenth as slow: 1 s each");
  }
}
