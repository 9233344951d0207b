package io.coppice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.bench.measure.Effort;
import io.coppice.bench.measure.Harness;
import io.coppice.bench.measure.Knobs;
import io.coppice.bench.measure.Row;
import io.coppice.bench.suite.Suite;
import io.coppice.bench.suite.Workload;
import io.coppice.kernel.Knob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SuiteTest {
  /** No more schedulers than asked for, however long the machine keeps them from running. */
  static Knobs undisturbed(int schedulers) {
    return Knobs.schedulers(schedulers).with(Knob.STUCK_LIMIT, Knob.STUCK_LIMIT.most());
  }

  @ParameterizedTest(name = "{0} scheduler threads")
  @ValueSource(ints = {1, 2})
  @DisplayName("Every workload ends with the right result and leaves nothing behind")
  void everyWorkloadWorks(int schedulers) throws Exception {
    try (Harness harness = new Harness(undisturbed(schedulers))) {
      for (Workload workload : Suite.all()) {
        List<Row> rows = harness.measure(workload, Effort.ONCE);
        assertFalse(rows.isEmpty(), () -> workload.name() + " reports nothing");
      }
    }
  }

  @Test
  @DisplayName("No two workloads have the same name")
  void namesAreUnique() {
    Set<String> names = new HashSet<>();
    Suite.all().forEach(workload -> names.add(workload.name()));
    assertEquals(Suite.all().size(), names.size());
  }

  @Test
  @DisplayName("The README says how many workloads there are")
  void readme() throws Exception {
    String text = "measures " + Suite.all().size() + " workloads";
    assertTrue(Files.readString(Path.of("../README.md")).contains(text), text);
  }
}
