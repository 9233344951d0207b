package io.coppice.supervisor;

import static io.coppice.supervisor.Rehearsal.child;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.coppice.kernel.process.ExitReason;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random histories, decided about by {@link Supervision} and by {@link NaiveSupervisor}. */
final class SupervisionModelTest {
  private static final List<ExitReason> REASONS =
      List.of(ExitReason.NORMAL, ExitReason.SHUTDOWN, ExitReason.of("boom"), ExitReason.KILLED);

  static IntStream seeds() {
    return IntStream.range(0, 400);
  }

  @DisplayName("takes the same steps as a naive supervisor, whatever happens")
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void sameAsModel(int seed) {
    Random random = new Random(seed);
    Strategy strategy =
        any(random, List.of(Strategy.ONE_FOR_ONE, Strategy.ONE_FOR_ALL, Strategy.REST_FOR_ONE));
    int intensity = random.nextInt(8);
    Supervisor supervisor =
        switch (strategy) {
          case ONE_FOR_ALL -> Supervisor.oneForAll();
          case REST_FOR_ONE -> Supervisor.restForOne();
          default -> Supervisor.oneForOne();
        };
    supervisor =
        supervisor
            .intensity(intensity, Duration.ofNanos(100))
            .autoShutdown(any(random, List.of(AutoShutdown.values())));
    int children = random.nextInt(5);
    for (int i = 0; i < children; i++) {
      supervisor = supervisor.child(randomChild("c" + i, random, supervisor));
    }
    int failPercent = random.nextInt(40);
    NaiveSupervisor model =
        new NaiveSupervisor(supervisor.checkedSpec(), starts(seed, failPercent));
    Rehearsal rehearsal = new Rehearsal(supervisor);
    Starts starts = starts(seed, failPercent);
    rehearsal.script = _ -> starts.next();
    rehearsal.boot();
    model.boot();
    check(rehearsal, model, "boot");
    for (int step = 0; step < 60 && rehearsal.ended == null; step++) {
      int time = random.nextInt(40);
      rehearsal.pass(time);
      model.pass(time);
      check(rehearsal, model, "seed " + seed + ", step " + step + ": time");
      if (rehearsal.ended != null) {
        break;
      }
      String what = step(random, rehearsal, model, supervisor);
      check(rehearsal, model, "seed " + seed + ", step " + step + ": " + what);
    }
  }

  private static String step(
      Random random, Rehearsal rehearsal, NaiveSupervisor model, Supervisor supervisor) {
    String id = "c" + random.nextInt(7);
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> {
        if (rehearsal.living.isEmpty()) {
          yield "nothing";
        }
        List<String> living = List.copyOf(rehearsal.living.values());
        String victim = any(random, living);
        ExitReason reason = any(random, REASONS);
        rehearsal.ends(reason, victim);
        model.ends(victim, reason);
        yield victim + " ends with " + reason;
      }
      case 3 -> {
        if (rehearsal.retries.isEmpty()) {
          yield "nothing";
        }
        rehearsal.on(rehearsal.retries.removeFirst());
        model.retry();
        yield "retry";
      }
      case 4 -> {
        rehearsal.on(new Event.TerminateChild(id));
        model.terminate(id);
        yield "terminate " + id;
      }
      case 5 -> {
        rehearsal.on(new Event.RestartChild(id));
        model.restart(id);
        yield "restart " + id;
      }
      case 6 -> {
        rehearsal.on(new Event.DeleteChild(id));
        model.delete(id);
        yield "delete " + id;
      }
      default -> {
        ChildSpec spec = randomChild(id, random, supervisor);
        rehearsal.on(new Event.StartChild(spec));
        model.startChild(spec);
        yield "start " + spec;
      }
    };
  }

  private static void check(Rehearsal rehearsal, NaiveSupervisor model, String when) {
    assertEquals(model.log, rehearsal.logged(), when);
    model.log.clear();
    assertEquals(model.ended, String.valueOf(rehearsal.ended), when);
    if (rehearsal.ended == null) {
      assertEquals(model.children(), rehearsal.children(), when);
      assertEquals(model.retries.size(), rehearsal.retries.size(), when);
      assertEquals(model.putOff(), rehearsal.later.size(), when + ": timers");
    } else {
      assertEquals(List.of(), List.copyOf(rehearsal.living.values()), when + ": orphans");
    }
  }

  private static <T> T any(Random random, List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private static ChildSpec randomChild(String id, Random random, Supervisor supervisor) {
    Restart restart = any(random, List.of(Restart.values()));
    boolean mayBeSignificant =
        restart != Restart.PERMANENT
            && supervisor.checkedSpec().autoShutdown() != AutoShutdown.NEVER;
    ChildSpec plain =
        child(id).restart(restart).significant(mayBeSignificant && random.nextBoolean());
    return withRecovery(plain, random);
  }

  /** A third recovers as in OTP. */
  private static ChildSpec withRecovery(ChildSpec plain, Random random) {
    ChildSpec child = plain;
    if (random.nextInt(5) < 2) {
      Duration min = Duration.ofNanos(1 + random.nextInt(60));
      Backoff backoff =
          random.nextBoolean()
              ? Backoff.fixed(min)
              : Backoff.exponential(min, min.plusNanos(random.nextInt(200)))
                  .resetAfter(Duration.ofNanos(1 + random.nextInt(100)));
      child = child.backoff(backoff.jitter(random.nextInt(3) * 0.5));
    }
    if (random.nextInt(5) < 2) {
      Budget budget = Budget.of(random.nextInt(4), Duration.ofNanos(1 + random.nextInt(200)));
      child =
          child.budget(
              switch (random.nextInt(3)) {
                case 0 -> budget;
                case 1 -> budget.park();
                default -> budget.parkFor(Duration.ofNanos(1 + random.nextInt(150)));
              });
    }
    return child;
  }

  /** The same results for both, by the order of the starts. */
  static final class Starts {
    private final Random random;
    private final int failPercent;

    Starts(Random random, int failPercent) {
      this.random = random;
      this.failPercent = failPercent;
    }

    @Nullable StartResult next() {
      int dice = random.nextInt(100);
      if (dice < failPercent) {
        return dice % 4 == 0 ? StartResult.ignored() : StartResult.failed(ExitReason.of("no"));
      }
      return null;
    }
  }

  private static Starts starts(int seed, int failPercent) {
    return new Starts(new Random(seed * 31L + 7), failPercent);
  }
}
