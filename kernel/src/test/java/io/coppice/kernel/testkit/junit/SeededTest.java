package io.coppice.kernel.testkit.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.coppice.kernel.process.Pid;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs tests that fail, and looks at how JUnit reports them. */
class SeededTest {
  /** What became of each invocation: "seed 1 SUCCESSFUL". */
  private static List<String> run(Class<?> sample, List<Throwable> thrown) {
    List<String> results = new ArrayList<>();
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request().selectors(selectClass(sample)).build();
    TestExecutionListener listener =
        new TestExecutionListener() {
          @Override
          public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (test.isTest()) {
              results.add(test.getDisplayName() + " " + result.getStatus());
              result.getThrowable().ifPresent(thrown::add);
            }
          }
        };
    LauncherFactory.create().execute(request, listener);
    return results;
  }

  /** Fails for the seed 3. */
  static class FailsAtThree {
    private int before;

    @BeforeEach
    void before(TestNode node) {
      before++;
      assertEquals(Duration.ZERO, node.elapsed());
    }

    @Seeded(seeds = 10)
    void fails(TestNode node) {
      assertEquals(1, before);
      node.run(self -> self.yieldNow());
      assertTrue(node.seed() != 3, "not the third");
    }
  }

  @Test
  @DisplayName("each seed is a test called after it, and the first that fails is the last one")
  void stopsAtTheFirst() {
    List<Throwable> thrown = new ArrayList<>();
    List<String> results = run(FailsAtThree.class, thrown);
    assertEquals(List.of("seed 1 SUCCESSFUL", "seed 2 SUCCESSFUL", "seed 3 FAILED"), results);
    String message = String.valueOf(thrown.getFirst().getMessage());
    assertTrue(message.startsWith("Seed 3: "), message);
    assertTrue(message.contains("not the third"), message);
    assertTrue(message.contains("-Dcoppice.seed=3"), message);
  }

  @Test
  @DisplayName("with the property coppice.seed only that seed runs")
  void onlyOne() {
    System.setProperty("coppice.seed", "3");
    try {
      assertEquals(List.of("seed 3 FAILED"), run(FailsAtThree.class, new ArrayList<>()));
    } finally {
      System.clearProperty("coppice.seed");
    }
  }

  /** Leaves a timer behind. */
  static class Leaves {
    @Seeded(seeds = 10, first = 7)
    void leaves(TestNode node) {
      node.sendAfter(Duration.ofDays(1), "nobody", "hello");
    }
  }

  @Test
  @DisplayName("what a test leaves behind fails it")
  void leftOver() {
    List<Throwable> thrown = new ArrayList<>();
    assertEquals(List.of("seed 7 FAILED"), run(Leaves.class, thrown));
    String message = String.valueOf(thrown.getFirst().getMessage());
    assertTrue(message.contains("a timer: #Timer<nobody>"), message);
  }

  /** Its messages are mutable. */
  static class Checks {
    @Seeded(seeds = 2)
    void checked(TestNode node) {
      send(node);
    }

    @Seeded(seeds = 2, mutableMessages = byte[].class)
    void letPass(TestNode node) {
      send(node);
    }

    @Seeded(seeds = 2, messageCheck = false)
    void notChecked(TestNode node) {
      send(node);
    }

    private static void send(TestNode node) {
      Pid sink = node.spawn((self, message) -> {});
      node.send(sink, new byte[1]);
      node.runUntilIdle();
    }
  }

  @Test
  @DisplayName("the checks of the test node are attributes")
  void attributes() {
    List<String> results = run(Checks.class, new ArrayList<>());
    assertEquals(
        1, results.stream().filter(r -> r.equals("seed 1 FAILED")).count(), results::toString);
    assertEquals(
        4, results.stream().filter(r -> r.endsWith("SUCCESSFUL")).count(), results::toString);
  }

  /** An assumption does not hold. */
  static class Assumes {
    @Seeded(seeds = 3)
    void assumes(TestNode node) {
      Assumptions.assumeTrue(node.seed() != 2);
    }
  }

  @Test
  @DisplayName("a seed for which an assumption does not hold is left out, and the next one runs")
  void assumption() {
    assertEquals(
        List.of("seed 1 SUCCESSFUL", "seed 2 ABORTED", "seed 3 SUCCESSFUL"),
        run(Assumes.class, new ArrayList<>()));
  }

  /** Asks for no seed at all. */
  static class None {
    @Seeded(seeds = 0)
    void none(TestNode node) {}
  }

  @Test
  @DisplayName("a test with no seeds is refused")
  void none() {
    assertEquals(List.of(), run(None.class, new ArrayList<>()));
  }
}
