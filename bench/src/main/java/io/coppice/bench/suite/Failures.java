package io.coppice.bench.suite;

import io.coppice.behaviours.server.GenServer;
import io.coppice.behaviours.server.Init;
import io.coppice.behaviours.server.Step;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.Spawned;
import io.coppice.supervisor.ChildSpec;
import io.coppice.supervisor.Supervisor;
import io.coppice.supervisor.SupervisorRef;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Processes that fail, those who are told, and those who start them again. */
final class Failures {
  private Failures() {}

  static List<Workload> all() {
    return List.of(
        Workload.of("catch_unwind_panics", Failures::panics),
        Workload.of("catch_unwind_panics_blocking", Failures::panicsBlocking),
        Workload.of(
            "supervisor_restart",
            (driver, run) ->
                restarts(
                    driver, run, boss -> ChildSpec.of("child", SPAWN, () -> new Server(boss)))),
        Workload.of(
            "supervisor_restart_bare",
            (driver, run) ->
                restarts(
                    driver, run, boss -> ChildSpec.reactive("child", SPAWN, () -> new Bare(boss)))),
        Workload.of("supervisor_restart_self", Failures::restartsBySelf),
        Workload.of("supervisor_restart_blocking", Failures::restartsBlocking));
  }

  // ---- catch_unwind_panics: 10 000 failures, each noticed with its reason

  private record Panics() implements Unwritten {
    @Override
    public void onStart(Context self) {
      throw new Boom();
    }
  }

  private static void noticed(Boss.Watched watched, Object message) {
    Down down = (Down) message;
    ExitReason reason = down.reason();
    Run.check(
        reason instanceof ExitReason.Crashed(Boom _), "the reason should be the exception", reason);
    watched.ended(down);
  }

  private static void panics(Context driver, Run run) {
    int count = run.size(10_000);
    Boss boss =
        new Boss() {
          private final Watched watched = new Watched();
          private int notices;

          @Override
          public void onStart(Context self) {
            Panics body = new Panics();
            for (int i = 0; i < count; i++) {
              watched.add(self.spawnMonitor(body));
            }
          }

          @Override
          public void onMessage(Context self, Object message) {
            noticed(watched, message);
            notices++;
            if (watched.left() == 0) {
              finish(self, notices);
            }
          }
        };
    Run.same(count, (int) Boss.result(driver, boss), "the notices");
  }

  private static void panicsBlocking(Context driver, Run run) {
    int count = run.size(10_000);
    Boss.Watched watched = new Boss.Watched();
    for (int i = 0; i < count; i++) {
      watched.add(
          driver.spawnMonitor(
              self -> {
                throw new Boom();
              }));
    }
    while (watched.left() > 0) {
      noticed(watched, driver.receive());
    }
  }

  // ---- supervisor_restart: a child says that it is up, is told to crash, and so on

  private static final SpawnOptions SPAWN = SpawnOptions.DEFAULT;
  private static final int RESTARTS = 10_000;

  private record Up(Pid child) {}

  /** The child as most people would have it. */
  private record Server(Pid told) implements GenServer<Word, Integer> {
    @Override
    public Init<Integer> init(Context self) {
      self.send(told, new Up(self.pid()));
      return Init.state(0);
    }

    @Override
    public Step<Integer> handleInfo(Object message, Integer state) {
      throw crash(message);
    }
  }

  /** The child as a reactive process of its own. */
  private record Bare(Pid told) implements Reactive {
    @Override
    public void onStart(Context self) {
      self.send(told, new Up(self.pid()));
    }

    @Override
    public void onMessage(Context self, Object message) {
      throw crash(message);
    }
  }

  private static Boom crash(Object message) {
    Run.check(message == Word.CRASH, "a child should be told to crash", message);
    return new Boom();
  }

  /** Hears of each child that is up, and tells it to crash, until there were enough. */
  private static final class Crasher extends Boss {
    private final int restarts;
    private int made;
    private @Nullable Pid last;

    Crasher(int restarts) {
      this.restarts = restarts;
    }

    @Override
    public void onStart(Context self) {
      // the supervisor is started when this process is there to be told
    }

    @Override
    public void onMessage(Context self, Object message) {
      last = next(message, last);
      if (made == restarts) {
        finish(self, made);
      } else {
        made++;
        self.send(last, Word.CRASH);
      }
    }
  }

  private static Pid next(Object message, @Nullable Pid last) {
    Pid child = ((Up) message).child();
    Run.check(!child.equals(last), "the next child should be up", child);
    return child;
  }

  private static void restarts(Context driver, Run run, Function<Pid, ChildSpec> child) {
    int restarts = run.size(RESTARTS);
    Spawned boss = Boss.start(driver, new Crasher(restarts));
    SupervisorRef supervisor = start(driver, child.apply(boss.pid()));
    run.afterwards(() -> stop(supervisor));
    Run.same(restarts, (int) Boss.result(driver, boss), "the restarts");
  }

  /** A child that crashes without being told to, as that of tokio's program does. */
  private record Restless(Pid told, AtomicInteger starts, int restarts) implements Reactive {
    @Override
    public void onStart(Context self) {
      if (starts.getAndIncrement() < restarts) {
        self.send(self.pid(), Word.CRASH);
      } else {
        self.send(told, new Up(self.pid()));
      }
    }

    @Override
    public void onMessage(Context self, Object message) {
      throw crash(message);
    }
  }

  private static void restartsBySelf(Context driver, Run run) {
    int restarts = run.size(RESTARTS);
    AtomicInteger starts = new AtomicInteger();
    Restless restless = new Restless(driver.pid(), starts, restarts);
    SupervisorRef supervisor = start(driver, ChildSpec.reactive("child", SPAWN, () -> restless));
    run.afterwards(() -> stop(supervisor));
    next(driver.receive(), null);
    Run.same(restarts + 1, starts.get(), "the starts");
  }

  private static void restartsBlocking(Context driver, Run run) {
    int restarts = run.size(RESTARTS);
    Pid told = driver.pid();
    SupervisorRef supervisor =
        start(
            driver,
            ChildSpec.process(
                "child",
                SPAWN,
                () ->
                    self -> {
                      self.send(told, new Up(self.pid()));
                      throw crash(self.receive());
                    }));
    run.afterwards(() -> stop(supervisor));
    Pid last = next(driver.receive(), null);
    for (int i = 0; i < restarts; i++) {
      driver.send(last, Word.CRASH);
      last = next(driver.receive(), last);
    }
  }

  private static void stop(SupervisorRef supervisor) {
    supervisor.stop(ExitReason.NORMAL, Duration.ofSeconds(30));
  }

  private static SupervisorRef start(Context driver, ChildSpec child) {
    return Supervisor.oneForOne()
        .intensity(1_000_000, Duration.ofSeconds(1))
        .child(child)
        .start(driver.node()); // nobody is linked with it: it is stopped by request
  }
}
