package io.coppice.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A child ends by itself while its supervisor runs, starts, restarts or stops the others: every
 * kind of supervisor × kind of restart × reason × what is going on × child × moment, against {@link
 * TimedRules}.
 */
final class SupervisionPhasesTest {
  private static final ExitReason BOOM = ExitReason.of("boom");
  private static final int PER_NODE = 20;
  private static final List<String> IDS = List.of("a", "b", "c");
  private static final List<ExitReason> REASONS =
      List.of(
          ExitReason.NORMAL,
          ExitReason.SHUTDOWN,
          ExitReason.shutdown("done"),
          BOOM,
          ExitReason.KILL);

  /**
   * The middles of so many starts and stops, where nothing else happens, and a moment after them.
   */
  private static Stream<Long> moments(int steps) {
    return Stream.iterate(TimedRules.STEP / 2, at -> at + TimedRules.STEP).limit(steps + 1);
  }

  /** How many starts and stops the trigger leads to. */
  private static int steps(TimedRules.Kind kind, Trigger trigger) {
    return switch (trigger) {
      case BOOT -> 3;
      case STOP -> kind.isDynamic() ? 1 : 3;
      case CRASH_A, CRASH_B, CRASH_C ->
          switch (kind) {
            case ONE_FOR_ONE, SIMPLE, DYNAMIC -> 1;
            case ONE_FOR_ALL -> 5;
            case REST_FOR_ONE ->
                trigger == Trigger.CRASH_A ? 5 : trigger == Trigger.CRASH_B ? 3 : 1;
          };
    };
  }

  /** The first crash of a child, or the start or the stop of the supervisor. */
  private enum Trigger {
    BOOT,
    STOP,
    CRASH_A,
    CRASH_B,
    CRASH_C;

    /** The child that crashes first, or "" if none does. */
    String crashed() {
      return switch (this) {
        case BOOT, STOP -> "";
        case CRASH_A -> "a";
        case CRASH_B -> "b";
        case CRASH_C -> "c";
      };
    }
  }

  private record Case(
      TimedRules.Kind kind, int intensity, Restart restart, Trigger trigger, TimedRules.End end) {
    /** The child that crashes first must be one that is restarted. */
    Restart restartOf(String id) {
      return id.equals(trigger.crashed()) ? Restart.PERMANENT : restart;
    }

    TimedRules rules() {
      TimedRules rules = new TimedRules(kind, intensity, end);
      IDS.forEach(id -> rules.add(id, restartOf(id)));
      return rules;
    }
  }

  private static List<Case> cases() {
    List<Case> all = new ArrayList<>();
    for (TimedRules.Kind kind : TimedRules.Kind.values()) {
      for (Restart restart : Restart.values()) {
        for (Trigger trigger : Trigger.values()) {
          ends(kind, trigger)
              .forEach(
                  end -> {
                    all.add(new Case(kind, 9, restart, trigger, end));
                    if (!trigger.crashed().isEmpty()) {
                      all.add(new Case(kind, 1, restart, trigger, end));
                    }
                  });
        }
      }
    }
    return all;
  }

  private static Stream<TimedRules.End> ends(TimedRules.Kind kind, Trigger trigger) {
    return IDS.stream()
        .filter(id -> !id.equals(trigger.crashed()))
        .flatMap(
            id ->
                REASONS.stream()
                    .flatMap(
                        reason ->
                            moments(steps(kind, trigger))
                                .map(moment -> new TimedRules.End(id, reason, moment))));
  }

  @Test
  @DisplayName(
      "SU20-SU64 an end that comes while others start, restart or stop is what the rules make of"
          + " it")
  void product() {
    List<Case> cases = cases();
    int part = Boolean.getBoolean("tests.without.flags") ? 5 : 1; // a step takes two threads there
    int _ =
        TestNode.forSeeds(
            cases.size() / PER_NODE / part,
            node ->
                node.run(
                    self -> {
                      self.trapExit(true);
                      for (int i = 0; i < PER_NODE; i++) {
                        int number = (int) (node.seed() - 1) * PER_NODE + i; // seeds count from 1
                        new Trial(node, cases.get(number * part)).play(self);
                      }
                    }));
  }

  /** Tells a worker to end by itself. */
  private record Die(ExitReason reason) {}

  /** A worker has had the time that it needs to stop. */
  private record Obey() {}

  /** One case on one node. */
  private static final class Trial {
    private final TestNode node;
    private final Case tried;
    private final TimedRules rules;
    private final int reportsBefore;
    private final List<String> log = new ArrayList<>();
    private final Map<String, Pid> pids = new HashMap<>();
    private final Map<Pid, String> names = new HashMap<>();
    private boolean slow;

    Trial(TestNode node, Case tried) {
      this.node = node;
      this.tried = tried;
      this.rules = tried.rules();
      this.reportsBefore = node.reports().size();
    }

    void play(Context self) {
      boolean boot = tried.trigger == Trigger.BOOT;
      if (boot) {
        begin(self);
      }
      SupervisorRef supervisor = start(self);
      if (!boot) {
        log.clear();
        begin(self);
      }
      expect(boot);
      switch (tried.trigger) {
        case BOOT -> {}
        case STOP -> self.exit(supervisor.pid(), ExitReason.SHUTDOWN);
        case CRASH_A, CRASH_B, CRASH_C -> self.send(pid(tried.trigger.crashed()), new Die(BOOM));
      }
      self.sleep(Duration.ofNanos(1_000));
      compare(self, supervisor);
      self.exit(supervisor.pid(), ExitReason.SHUTDOWN);
      Object _ = self.receive(message -> message instanceof Exit);
    }

    private Pid pid(String id) {
      return Objects.requireNonNull(pids.get(id), id);
    }

    /** From now on all takes time, and the victim has its time to live. */
    private void begin(Context self) {
      slow = true;
      TimedRules.End end = tried.end;
      self.spawn(
          killer -> {
            killer.sleep(Duration.ofNanos(end.at()));
            Pid victim = pids.get(end.victim());
            if (victim != null && end.reason().equals(ExitReason.KILL)) {
              killer.exit(victim, ExitReason.KILL);
            } else if (victim != null) {
              killer.send(victim, new Die(end.reason()));
            }
          });
    }

    /** What the rules say. */
    private void expect(boolean boot) {
      if (!boot) {
        rules.running();
      }
      switch (tried.trigger) {
        case BOOT -> rules.boot();
        case STOP -> rules.stop();
        case CRASH_A, CRASH_B, CRASH_C -> rules.crash(tried.trigger.crashed(), BOOM);
      }
      rules.settle();
    }

    private void compare(Processes self, SupervisorRef supervisor) {
      assertEquals(shown(rules.log), shown(log), () -> "steps of " + tried);
      List<String> errors =
          node.reports().stream()
              .skip(reportsBefore)
              .filter(SupervisorReport.class::isInstance)
              .map(SupervisorReport.class::cast)
              .map(r -> r.context() + " " + id(r) + " " + r.reason())
              .toList();
      assertEquals(rules.errors, errors, () -> "errors of " + tried);
      assertEquals(rules.ended, !supervisor.isAlive(), () -> "end of " + tried);
      if (!rules.ended) {
        assertEquals(shown(rules.children()), shown(children(supervisor)), tried::toString);
        rules.children().stream()
            .filter(line -> line.endsWith("running"))
            .forEach(line -> assertTrue(self.isAlive(pid(line.substring(0, 1))), line));
      }
    }

    private String id(SupervisorReport report) {
      return tried.kind == TimedRules.Kind.SIMPLE
          ? idOf(report.offender().pid())
          : report.offender().id();
    }

    private String idOf(@Nullable Pid pid) {
      return pid == null ? "?" : names.getOrDefault(pid, "?");
    }

    private List<String> children(SupervisorRef supervisor) {
      return supervisor.whichChildren().reversed().stream()
          .map(
              child -> (child.id() == null ? idOf(child.pid()) : child.id()) + "=" + child.status())
          .toList();
    }

    /** Dynamic children have no order, and are stopped all at once. */
    private String shown(List<String> lines) {
      return (tried.kind.isDynamic() ? new TreeSet<>(lines) : lines).toString();
    }

    // ---- the supervisor and its children

    private SupervisorRef start(Context self) {
      Duration day = Duration.ofDays(1);
      return switch (tried.kind) {
        case SIMPLE -> {
          ChildSpec template =
              ChildSpec.taking("template", String.class, this::startWorker)
                  .shutdown(Shutdown.unlimited());
          SupervisorRef supervisor =
              Supervisor.simpleOneForOne(template).intensity(tried.intensity, day).start(self);
          IDS.forEach(id -> supervisor.startChildWith(id, tried.restartOf(id)).pid());
          yield supervisor;
        }
        case DYNAMIC -> {
          DynamicSupervisorRef supervisor =
              DynamicSupervisor.create().intensity(tried.intensity, day).start(self);
          IDS.forEach(id -> supervisor.startChild(spec(id)).pid());
          yield SupervisorRef.of(self, supervisor.pid());
        }
        case ONE_FOR_ONE, ONE_FOR_ALL, REST_FOR_ONE -> {
          Supervisor supervisor =
              switch (tried.kind) {
                case ONE_FOR_ALL -> Supervisor.oneForAll();
                case REST_FOR_ONE -> Supervisor.restForOne();
                default -> Supervisor.oneForOne();
              };
          for (String id : IDS) {
            supervisor = supervisor.child(spec(id));
          }
          yield supervisor.intensity(tried.intensity, day).start(self);
        }
      };
    }

    private ChildSpec spec(String id) {
      return ChildSpec.starting(id, supervisor -> startWorker(supervisor, id))
          .restart(tried.restartOf(id))
          .shutdown(Shutdown.unlimited());
    }

    private StartResult startWorker(Context supervisor, String id) {
      if (slow) {
        supervisor.sleep(Duration.ofNanos(TimedRules.STEP));
      }
      Pid pid =
          supervisor
              .start(
                  (self, message) -> work(self, message, id),
                  SpawnOptions.DEFAULT.link(),
                  "init",
                  null)
              .pid();
      log.add("start " + id);
      pids.put(id, pid);
      names.put(pid, id);
      return StartResult.ok(pid);
    }

    private void work(Context self, Object message, String id) {
      switch (message) {
        case Request init -> {
          self.trapExit(true);
          init.reply("ready");
        }
        case Exit _ -> {
          log.add("stop " + id);
          self.sendAfter(Duration.ofNanos(TimedRules.STEP), self.pid(), new Obey());
        }
        case Obey() -> self.stop(ExitReason.SHUTDOWN);
        case Die(ExitReason reason) -> self.stop(reason);
        default -> throw new IllegalArgumentException("unexpected: " + message);
      }
    }
  }
}
