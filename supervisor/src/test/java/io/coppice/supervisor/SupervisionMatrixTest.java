package io.coppice.supervisor;

import static io.coppice.supervisor.Rehearsal.child;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.ExitReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every strategy × kind of restart × kind of reason, at every place among three children. */
final class SupervisionMatrixTest {
  private static final List<ExitReason> REASONS =
      List.of(
          ExitReason.NORMAL,
          ExitReason.SHUTDOWN,
          ExitReason.shutdown("done"),
          ExitReason.KILL,
          ExitReason.KILLED,
          ExitReason.NO_PROCESS,
          ExitReason.crashed(new IllegalStateException("boom")),
          ExitReason.of("abnormal"));
  private static final List<String> IDS = List.of("a", "b", "c");

  private static final Duration S5 = Duration.ofSeconds(5);

  static Stream<Arguments> cases() {
    Stream.Builder<Arguments> all = Stream.builder();
    for (Strategy strategy : Strategy.values()) {
      for (Restart restart : Restart.values()) {
        for (ExitReason reason : REASONS) {
          for (String victim : IDS) {
            all.add(Arguments.of(strategy, restart, reason, victim));
          }
        }
      }
    }
    return all.build();
  }

  @DisplayName("a child's end restarts, stops and reports what the tables of SU21 and SU40-45 say")
  @ParameterizedTest(name = "{0}, {1}, {2}, {3}")
  @MethodSource("cases")
  void table(Strategy strategy, Restart restart, ExitReason reason, String victim) {
    Rehearsal rehearsal = three(strategy, supervisor(strategy, restart));
    rehearsal.logged();
    rehearsal.ends(reason, victim);

    boolean again = restarts(restart, reason);
    assertEquals(
        again ? restartLog(strategy, victim) : List.of(), rehearsal.logged(), "steps taken");
    assertEquals(
        again || !reason.isClean() ? List.of(ErrorContext.CHILD_TERMINATED) : List.of(),
        rehearsal.errors(),
        "reports made");
    assertEquals(expectedChildren(strategy, restart, again, victim), rehearsal.children());
    assertEquals(null, rehearsal.ended);
  }

  @DisplayName("with intensity 0 the same ends give up exactly where they would have restarted")
  @ParameterizedTest(name = "{0}, {1}, {2}, {3}")
  @MethodSource("cases")
  void intensityZero(Strategy strategy, Restart restart, ExitReason reason, String victim) {
    Rehearsal rehearsal = three(strategy, supervisor(strategy, restart).intensity(0, S5));
    rehearsal.logged();
    rehearsal.ends(reason, victim);
    if (!restarts(restart, reason)) {
      assertEquals(List.of(), rehearsal.logged());
      return;
    }
    List<String> expected = new ArrayList<>();
    IDS.reversed().stream()
        .filter(id -> !id.equals(victim))
        .forEach(id -> expected.add("stop " + id));
    expected.add("end shutdown");
    assertEquals(expected, rehearsal.logged());
    assertEquals(List.of(ErrorContext.CHILD_TERMINATED, ErrorContext.SHUTDOWN), rehearsal.errors());
    assertNotNull(rehearsal.ended);
  }

  @DisplayName("with a back-off the same ends stop the same at once, and start the same in time")
  @ParameterizedTest(name = "{0}, {1}, {2}, {3}")
  @MethodSource("cases")
  void delayed(Strategy strategy, Restart restart, ExitReason reason, String victim) {
    Backoff backoff = Backoff.fixed(Duration.ofNanos(10));
    Rehearsal rehearsal =
        three(strategy, supervisor(strategy, child -> child.restart(restart).backoff(backoff)));
    rehearsal.logged();
    rehearsal.ends(reason, victim);

    boolean again = restarts(restart, reason);
    List<String> steps = again ? restartLog(strategy, victim) : List.of();
    assertEquals(only("stop", steps), rehearsal.logged(), "at once");
    if (again) {
      String shown = strategy == Strategy.SIMPLE_ONE_FOR_ONE ? "null" : victim;
      assertTrue(rehearsal.children().contains(shown + "=restarting"));
    }
    assertEquals(List.of(), rehearsal.pass(9).logged(), "too early");
    assertEquals(only("start", steps), rehearsal.pass(1).logged(), "in time");
    assertEquals(
        sorted(expectedChildren(strategy, restart, again, victim)), sorted(rehearsal.children()));
  }

  @DisplayName(
      "with a budget that parks the same ends park exactly where they would have restarted")
  @ParameterizedTest(name = "{0}, {1}, {2}, {3}")
  @MethodSource("cases")
  void parked(Strategy strategy, Restart restart, ExitReason reason, String victim) {
    Budget none = Budget.of(0, S5).park();
    Rehearsal rehearsal =
        three(strategy, supervisor(strategy, child -> child.restart(restart).budget(none)));
    rehearsal.logged();
    rehearsal.ends(reason, victim);
    assertEquals(List.of(), rehearsal.logged());
    boolean again = restarts(restart, reason);
    List<String> expected =
        expectedChildren(strategy, restart, again, victim).stream()
            .map(line -> again ? line.replace(victim + "=running", victim + "=parked") : line)
            .toList();
    if (again && strategy == Strategy.SIMPLE_ONE_FOR_ONE) {
      expected = List.of("null=parked", "null=running", "null=running");
    }
    assertEquals(sorted(expected), sorted(rehearsal.children()));
    assertEquals(null, rehearsal.ended);
  }

  private static List<String> only(String kind, List<String> steps) {
    return steps.stream().filter(step -> step.startsWith(kind + " ")).toList();
  }

  private static List<String> sorted(List<String> lines) {
    return lines.stream().sorted().toList();
  }

  private static boolean restarts(Restart restart, ExitReason reason) {
    return restart == Restart.PERMANENT || (restart == Restart.TRANSIENT && !reason.isClean());
  }

  private static List<String> restartLog(Strategy strategy, String victim) {
    return switch (strategy) {
      case ONE_FOR_ONE, SIMPLE_ONE_FOR_ONE -> List.of("start " + victim);
      case ONE_FOR_ALL ->
          switch (victim) {
            case "a" -> List.of("stop c", "stop b", "start a", "start b", "start c");
            case "b" -> List.of("stop c", "stop a", "start a", "start b", "start c");
            default -> List.of("stop b", "stop a", "start a", "start b", "start c");
          };
      case REST_FOR_ONE ->
          switch (victim) {
            case "a" -> List.of("stop c", "stop b", "start a", "start b", "start c");
            case "b" -> List.of("stop c", "start b", "start c");
            default -> List.of("start c");
          };
    };
  }

  private static List<String> expectedChildren(
      Strategy strategy, Restart restart, boolean again, String victim) {
    boolean simple = strategy == Strategy.SIMPLE_ONE_FOR_ONE;
    List<String> expected = new ArrayList<>();
    for (String id : IDS) {
      String shown = simple ? "null" : id;
      if (again || !id.equals(victim)) {
        expected.add(shown + "=running");
      } else if (!simple && restart != Restart.TEMPORARY) {
        expected.add(shown + "=undefined");
      }
    }
    return expected;
  }

  private static Rehearsal three(Strategy strategy, Supervisor supervisor) {
    Rehearsal rehearsal = new Rehearsal(supervisor).boot();
    if (strategy == Strategy.SIMPLE_ONE_FOR_ONE) {
      IDS.forEach(id -> rehearsal.on(new Event.StartDynamic(id)));
    }
    return rehearsal;
  }

  private static Supervisor supervisor(Strategy strategy, Restart restart) {
    return supervisor(strategy, child -> child.restart(restart));
  }

  private static Supervisor supervisor(Strategy strategy, UnaryOperator<ChildSpec> told) {
    Supplier<Supervisor> empty =
        switch (strategy) {
          case ONE_FOR_ONE -> Supervisor::oneForOne;
          case ONE_FOR_ALL -> Supervisor::oneForAll;
          case REST_FOR_ONE -> Supervisor::restForOne;
          case SIMPLE_ONE_FOR_ONE ->
              () -> Supervisor.simpleOneForOne(told.apply(child("template")));
        };
    Supervisor supervisor = empty.get();
    if (strategy != Strategy.SIMPLE_ONE_FOR_ONE) {
      for (String id : IDS) {
        supervisor = supervisor.child(told.apply(child(id)));
      }
    }
    return supervisor;
  }
}
