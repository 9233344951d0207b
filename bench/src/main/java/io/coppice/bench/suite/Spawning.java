package io.coppice.bench.suite;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Spawned;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Processes that live for a short time: what it costs to start and to end one. */
final class Spawning {
  private Spawning() {}

  static List<Workload> all() {
    return List.of(
        Workload.of("chained_spawn", Spawning::chain),
        Workload.of("chained_spawn_blocking", Spawning::chainBlocking),
        Workload.of("ping_pong_oneshot", Spawning::pingPong),
        Workload.of("ping_pong_oneshot_blocking", Spawning::pingPongBlocking),
        Workload.of("spawn_storm_busy", Spawning::storm),
        Workload.of("spawn_storm_busy_blocking", Spawning::stormBlocking),
        Workload.of("deep_recursion", Spawning::deep),
        Workload.of("deep_recursion_blocking", Spawning::deepBlocking));
  }

  // ---- chained_spawn: each process spawns the next and ends, the last one signals the driver

  private record Link(int number, int last, Pid driver) implements Unwritten {
    @Override
    public void onStart(Context self) {
      if (number == last) {
        self.send(driver, number);
      } else {
        self.spawn(new Link(number + 1, last, driver));
      }
      self.stop(ExitReason.NORMAL);
    }
  }

  private static void chain(Context driver, Run run) {
    int length = run.size(1_000);
    driver.spawn(new Link(1, length, driver.pid()));
    Run.same(length, (int) driver.receive(), "the number of the last process");
  }

  private static void chainBlocking(Context driver, Run run) {
    int length = run.size(1_000);
    Pid to = driver.pid();
    driver.spawn(self -> link(self, 1, length, to));
    Run.same(length, (int) driver.receive(), "the number of the last process");
  }

  private static void link(Context self, int number, int last, Pid driver) {
    if (number == last) {
      self.send(driver, number);
    } else {
      self.spawn(next -> link(next, number + 1, last, driver));
    }
  }

  // ---- ping_pong_oneshot: pairs that exchange one message each way; mailboxes are the channels

  private static final class Pinger implements Reactive {
    private final Pid boss;

    Pinger(Pid boss) {
      this.boss = boss;
    }

    @Override
    public void onStart(Context self) {
      self.send(self.spawn(new Ponger(self.pid())), 1);
    }

    @Override
    public void onMessage(Context self, Object message) {
      Run.same(2, (int) message, "the pong");
      self.send(boss, Word.DONE);
      self.stop(ExitReason.NORMAL);
    }
  }

  private record Ponger(Pid pinger) implements Reactive {
    @Override
    public void onMessage(Context self, Object message) {
      self.send(pinger, (int) message + 1);
      self.stop(ExitReason.NORMAL);
    }
  }

  private static void pingPong(Context driver, Run run) {
    int pairs = run.size(1_000);
    Boss boss =
        new Boss() {
          private int done;

          @Override
          public void onStart(Context self) {
            for (int i = 0; i < pairs; i++) {
              self.spawn(new Pinger(self.pid()));
            }
          }

          @Override
          public void onMessage(Context self, Object message) {
            if (++done == pairs) {
              finish(self, done);
            }
          }
        };
    Run.same(pairs, (int) Boss.result(driver, boss), "the pairs");
  }

  private static void pingPongBlocking(Context driver, Run run) {
    int pairs = run.size(1_000);
    Pid to = driver.pid();
    for (int i = 0; i < pairs; i++) {
      driver.spawn(self -> pinger(self, to));
    }
    Boss.awaitDone(driver, pairs);
  }

  private static void pinger(Context self, Pid driver) {
    Pid pinger = self.pid();
    ProcessBody ponger = other -> other.send(pinger, (int) other.receive() + 1);
    self.send(self.spawn(ponger), 1);
    Run.same(2, (int) self.receive(), "the pong");
    self.send(driver, Word.DONE);
  }

  // ---- spawn_storm_busy: others yield all the time while very many are spawned and joined

  /** A reactive process that lets everybody else run before it handles its message to itself. */
  private static final class Busy implements Reactive {
    private boolean stopped;

    @Override
    public void onStart(Context self) {
      self.send(self.pid(), Word.TICK);
      self.yieldAfterHandler();
    }

    @Override
    public void onMessage(Context self, Object message) {
      if (message == Word.STOP) {
        stopped = true; // its own message is still to come
      } else if (stopped) {
        self.stop(ExitReason.NORMAL);
      } else {
        Run.check(message == Word.TICK, "a message should be its own", message);
        self.send(self.pid(), Word.TICK);
        self.yieldAfterHandler();
      }
    }
  }

  private record EndsAtOnce() implements Unwritten {
    @Override
    public void onStart(Context self) {
      self.stop(ExitReason.NORMAL);
    }
  }

  private static final int BUSY = 8;

  private static void storm(Context driver, Run run) {
    int storm = run.size(10_000);
    Boss boss =
        new Boss() {
          private final List<Pid> busy = new ArrayList<>();
          private final Watched watched = new Watched();
          private int ended;

          @Override
          public void onStart(Context self) {
            for (int i = 0; i < BUSY; i++) {
              Spawned spawned = self.spawnMonitor(new Busy());
              watched.add(spawned);
              busy.add(spawned.pid());
            }
            EndsAtOnce body = new EndsAtOnce();
            for (int i = 0; i < storm; i++) {
              watched.add(self.spawnMonitor(body));
            }
          }

          @Override
          public void onMessage(Context self, Object message) {
            watched.endedNormally((Down) message);
            if (++ended == storm) {
              busy.forEach(pid -> self.send(pid, Word.STOP));
            } else if (ended == storm + BUSY) {
              finish(self, ended);
            }
          }
        };
    Run.same(storm + BUSY, (int) Boss.result(driver, boss), "the ends");
  }

  private static void stormBlocking(Context driver, Run run) {
    int storm = run.size(10_000);
    AtomicBoolean stop = new AtomicBoolean();
    Boss.Watched busy = new Boss.Watched();
    for (int i = 0; i < BUSY; i++) {
      busy.add(
          driver.spawnMonitor(
              self -> {
                while (!stop.get()) {
                  self.yieldNow();
                }
              }));
    }
    Boss.Watched watched = new Boss.Watched();
    for (int i = 0; i < storm; i++) {
      watched.add(driver.spawnMonitor(self -> {}));
    }
    watched.await(driver);
    stop.set(true);
    busy.await(driver);
  }

  // ---- deep_recursion: each level spawns the next and waits for its result

  private record Level(int depth, Pid above) implements Reactive {
    @Override
    public void onStart(Context self) {
      if (depth == 1) {
        self.send(above, 1);
        self.stop(ExitReason.NORMAL);
      } else {
        self.spawn(new Level(depth - 1, self.pid()));
      }
    }

    @Override
    public void onMessage(Context self, Object message) {
      self.send(above, (int) message + 1);
      self.stop(ExitReason.NORMAL);
    }
  }

  private static void deep(Context driver, Run run) {
    int depth = run.size(500);
    driver.spawn(new Level(depth, driver.pid()));
    Run.same(depth, (int) driver.receive(), "the depth");
  }

  private static void deepBlocking(Context driver, Run run) {
    int depth = run.size(500);
    Pid to = driver.pid();
    driver.spawn(self -> level(self, depth, to));
    Run.same(depth, (int) driver.receive(), "the depth");
  }

  private static void level(Context self, int depth, Pid above) {
    if (depth == 1) {
      self.send(above, 1);
    } else {
      Pid me = self.pid();
      self.spawn(below -> level(below, depth - 1, me));
      self.send(above, (int) self.receive() + 1);
    }
  }
}
