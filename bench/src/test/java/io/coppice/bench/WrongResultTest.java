package io.coppice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.bench.Saboteur.Deed;
import io.coppice.bench.measure.Harness;
import io.coppice.bench.suite.Suite;
import io.coppice.bench.suite.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A workload whose result could not be wrong would check nothing: so here all of them are. */
class WrongResultTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final int DIVISOR = 500;

  /** The message of the failure of a spoilt run; empty if there was nothing to spoil. */
  private static String failure(Saboteur saboteur, Workload workload, Duration patience)
      throws InterruptedException {
    try (Harness harness = new Harness(SuiteTest.undisturbed(1), patience)) {
      harness.once(saboteur.spoil(workload), DIVISOR);
      return "";
    } catch (IllegalStateException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"DOUBLE", "CORRUPT"})
  @DisplayName("Every workload notices a message that comes twice or says something else:")
  void messages(Deed deed) throws Exception {
    List<String> unnoticed = new ArrayList<>();
    int struck = 0;
    for (Workload workload : Suite.all()) {
      if (workload.kind() == Workload.Kind.GAUGE) {
        continue; // their work is that of others
      }
      // Not the first: that is the start of a server, who answers twice and is none the worse.
      Saboteur saboteur = new Saboteur(deed, 2);
      String failure = failure(saboteur, workload, LONG);
      if (saboteur.hasStruck()) {
        struck++;
        if (failure.isEmpty() || failure.contains("has not ended")) {
          unnoticed.add(workload.name() + " " + failure);
        }
      }
    }
    assertEquals(List.of(), unnoticed);
    assertTrue(struck >= 25, "only " + struck + " workloads were spoilt");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"mpsc_contention", "gen_server_call", "call_fan_in", "big", "skynet"})
  @DisplayName("A run that has lost a message does not end:")
  void lost(String name) throws Exception {
    Workload workload = Suite.named(name);
    try (Harness harness = new Harness(SuiteTest.undisturbed(1), LONG)) {
      assertFalse(harness.once(workload, DIVISOR).micros() < 0); // it ends otherwise
    }
    Saboteur saboteur = new Saboteur(Deed.LOSE, 2);
    String failure = failure(saboteur, workload, Duration.ofSeconds(1));
    assertTrue(saboteur.hasStruck());
    assertTrue(failure.contains("has not ended in PT1S; its driver: "), failure);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "EARLY, many_timers, a sleep should last",
    "EARLY, many_timers_blocking, a sleep should last",
    "DENY, timers_start_cancel, a timer of 5 s should be running",
    "DENY, timers_start_cancel_all_live, neither cancelled nor fired",
    "DENY, gen_server_call_with_timeout, the time-out should run",
    "LAZY, yield_in_hot_loop_pair_blocking, two processes should alternate",
    "MISCOUNT, gen_server_call, the counter",
    "MISCOUNT, gen_server_cast_blocking, the counter",
    "MISCOUNT, selective_receive, the distance of the counter",
  })
  @DisplayName("What an operation did not do is noticed:")
  void operations(Deed deed, String name, String reason) throws Exception {
    Saboteur saboteur = new Saboteur(deed, 1);
    String failure = failure(saboteur, Suite.named(name), LONG);
    assertTrue(saboteur.hasStruck());
    assertTrue(failure.contains(reason), failure);
  }

  @Test
  @DisplayName("A process that crashes ends the run, and is named, though nobody waits for it")
  void crash() {
    Workload workload =
        new Workload(
            "crash",
            Workload.Kind.TIME,
            (driver, run) -> {
              driver.spawn(
                  self -> {
                    throw new IllegalArgumentException("not meant to");
                  });
              driver.receive();
            });
    String failure =
        assertThrows(IllegalStateException.class, () -> failsIn(workload, LONG)).getMessage();
    assertTrue(String.valueOf(failure).contains("not meant to"), failure);
  }

  @Test
  @DisplayName("A workload that leaves a process, a timer or an unread message behind fails")
  void leftOvers() {
    Workload process =
        new Workload(
            "p", Workload.Kind.TIME, (driver, run) -> driver.spawn(self -> self.receive()));
    Workload timer =
        new Workload(
            "t",
            Workload.Kind.TIME,
            (driver, run) -> driver.node().sendAfter(Duration.ofHours(1), "nobody", "x"));
    Workload message =
        new Workload(
            "m", Workload.Kind.TIME, (driver, run) -> driver.send(driver.pid(), "nobody reads it"));
    for (Workload workload : List.of(process, timer, message)) {
      assertThrows(
          IllegalStateException.class,
          () -> failsIn(workload, Duration.ofMillis(500)),
          workload::name);
    }
  }

  private static void failsIn(Workload workload, Duration patience) throws InterruptedException {
    try (Harness harness = new Harness(SuiteTest.undisturbed(1), patience)) {
      harness.once(workload, DIVISOR);
    }
  }
}
