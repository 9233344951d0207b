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
import io.coppice.supervisor.ChildSpec;
import io.coppice.supervisor.Supervisor;
import io.coppice.supervisor.SupervisorRef;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Processes that fail, those who are told, and those who start them again. */
final class Failures {
  private Failures() {}

  static List<Workload> all() {
    return List.of(
        Workload.of("catch_unwind_panics", Failures::panics),
        Workload.of("catch_unwind_panics_blocking", Failures::panicsBlocking),
        Workload.of(
            "supervisor_restart",
            (driver, run) -> restarts(driver, run, ChildSpec.of("child", SPAWN, serverOf(driver)))),
        Workload.of(
            "supervisor_restart_bare",
            (driver, run) -> {
              Pid boss = driver.pid();
              restarts(driver, run, ChildSpec.reactive("child", SPAWN, () -> new Bare(boss)));
            }),
        Workload.of("supervisor_restart_blocking", Failures::restartsBlocking));
  }

  private static IllegalStateException boom() {
    return new IllegalStateException("boom"); // an ordinary one, with its stack trace
  }

  // ---- catch_unwind_panics: 10 000 failures, each noticed with its reason

  private record Panics() implements Reactive {
    @Override
    public void onStart(Context self) {
      throw boom();
    }

    @Override
    public void onMessage(Context self, Object message) {
      throw new IllegalStateException("it has failed before it reads " + message);
    }
  }

  private static void noticed(Object message) {
    ExitReason reason = ((Down) message).reason();
    Run.check(
        reason instanceof ExitReason.Crashed(Throwable error) && "boom".equals(error.getMessage()),
        "the reason should be the exception",
        reason);
  }

  private static void panics(Context driver, Run run) {
    int count = run.size(10_000);
    Boss boss =
        new Boss() {
          private int notices;

          @Override
          public void onStart(Context self) {
            Panics body = new Panics();
            for (int i = 0; i < count; i++) {
              self.spawnMonitor(body);
            }
          }

          @Override
          public void onMessage(Context self, Object message) {
            noticed(message);
            if (++notices == count) {
              finish(self, notices);
            }
          }
        };
    Run.same(count, (int) Boss.result(driver, boss), "the notices");
  }

  private static void panicsBlocking(Context driver, Run run) {
    int count = run.size(10_000);
    for (int i = 0; i < count; i++) {
      driver.spawnMonitor(
          self -> {
            throw boom();
          });
    }
    for (int i = 0; i < count; i++) {
      noticed(driver.receive());
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
      throw boom();
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
      throw boom();
    }
  }

  private static Supplier<Server> serverOf(Context driver) {
    Pid told = driver.pid();
    return () -> new Server(told);
  }

  private static void restarts(Context driver, Run run, ChildSpec child) {
    int restarts = run.size(RESTARTS);
    SupervisorRef supervisor = start(driver, child);
    for (int i = 0; i < restarts; i++) {
      driver.send(((Up) driver.receive()).child(), Word.CRASH);
    }
    Run.check(driver.receive() instanceof Up, "the last restart should be observed", child);
    run.afterwards(() -> supervisor.stop(ExitReason.NORMAL, Duration.ofSeconds(30)));
  }

  private static void restartsBlocking(Context driver, Run run) {
    Pid told = driver.pid();
    ChildSpec child =
        ChildSpec.process(
            "child",
            SPAWN,
            () ->
                self -> {
                  self.send(told, new Up(self.pid()));
                  self.receive();
                  throw boom();
                });
    restarts(driver, run, child);
  }

  private static SupervisorRef start(Context driver, ChildSpec child) {
    return Supervisor.oneForOne()
        .intensity(1_000_000, Duration.ofSeconds(1))
        .child(child)
        .start(driver.node()); // nobody is linked with it: it is stopped by request
  }
}
