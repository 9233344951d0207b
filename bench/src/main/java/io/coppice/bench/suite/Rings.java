package io.coppice.bench.suite;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Reactive;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Messages from process to process, in a ring and in all directions. */
final class Rings {
  private Rings() {}

  static List<Workload> all() {
    return List.of(
        Workload.of("thread_ring", (driver, run) -> ring(driver, run, false)),
        Workload.of("thread_ring_blocking", (driver, run) -> ring(driver, run, true)),
        Workload.of("big", (driver, run) -> big(driver, run, false)),
        Workload.of("big_blocking", (driver, run) -> big(driver, run, true)));
  }

  // ---- thread_ring: 503 processes, one token, a million hops

  private record Next(Pid pid) {}

  private static final class Member implements Reactive {
    private final Pid driver;
    private @Nullable Pid next;

    Member(Pid driver) {
      this.driver = driver;
    }

    @Override
    public void onMessage(Context self, Object message) {
      if (message instanceof Integer hopsLeft) {
        pass(self, driver, next, hopsLeft);
      } else if (message instanceof Next(Pid pid)) {
        Run.check(next == null, "it should be told the next one once", next);
        next = pid;
      } else {
        Run.check(message == Word.STOP, "a message should be the token", message);
        self.stop(ExitReason.NORMAL);
      }
    }
  }

  private static void member(Context self, Pid driver) {
    Pid next = ((Next) self.receive()).pid();
    Object message = self.receive();
    while (message instanceof Integer hopsLeft) {
      pass(self, driver, next, hopsLeft);
      message = self.receive();
    }
    Run.check(message == Word.STOP, "a message should be the token", message);
  }

  private static void pass(Context self, Pid driver, @Nullable Pid next, int hopsLeft) {
    if (hopsLeft == 0) {
      self.send(driver, self.pid());
    } else {
      self.send(Objects.requireNonNull(next, "told before the token comes"), hopsLeft - 1);
    }
  }

  private static void ring(Context driver, Run run, boolean blocking) {
    int hops = run.size(1_000_000);
    Pid to = driver.pid();
    Pid[] ring = new Pid[503];
    for (int i = 0; i < ring.length; i++) {
      ring[i] = blocking ? driver.spawn(self -> member(self, to)) : driver.spawn(new Member(to));
    }
    for (int i = 0; i < ring.length; i++) {
      driver.send(ring[i], new Next(ring[(i + 1) % ring.length]));
    }
    driver.send(ring[0], hops);
    Object last = driver.receive();
    Run.check(ring[hops % ring.length].equals(last), "the last one should be " + hops % 503, last);
    run.afterwards(() -> stop(driver, ring));
  }

  private static void stop(Context driver, Pid[] processes) {
    for (Pid pid : processes) {
      driver.send(pid, Word.STOP);
    }
  }

  // ---- big: each has one ping under way to a random other, and answers pings with pongs

  private record Everybody(List<Pid> all) {}

  private record Ping(Pid from) {}

  private enum Pong {
    PONG
  }

  private static final class Player implements Reactive {
    private final Pid driver;
    private final int number;
    private final int pings;
    private final SplittableRandom random;
    private List<Pid> all = List.of();
    private @Nullable Ping mine;
    private int pongs;

    Player(Pid driver, int number, int pings) {
      this.driver = driver;
      this.number = number;
      this.pings = pings;
      this.random = new SplittableRandom(number);
    }

    @Override
    public void onMessage(Context self, Object message) {
      if (!handle(self, message)) {
        self.stop(ExitReason.NORMAL);
      }
    }

    /** Whether it goes on. */
    boolean handle(Context self, Object message) {
      switch (message) {
        case Ping ping -> self.send(ping.from(), Pong.PONG);
        case Pong _ -> {
          Run.check(++pongs <= pings, "there should be " + pings + " pongs", pongs);
          if (pongs < pings) {
            ping(self);
          } else {
            self.send(driver, Word.DONE);
          }
        }
        case Everybody(List<Pid> players) -> {
          all = players;
          mine = new Ping(self.pid());
          ping(self);
        }
        default -> {
          return false;
        }
      }
      return true;
    }

    private void ping(Context self) {
      Ping ping = Objects.requireNonNull(mine, "made before the first ping");
      int other = random.nextInt(all.size() - 1);
      self.send(all.get(other < number ? other : other + 1), ping);
    }
  }

  private static void big(Context driver, Run run, boolean blocking) {
    int pings = run.size(2_000);
    Pid[] all = new Pid[100];
    for (int i = 0; i < all.length; i++) {
      Player player = new Player(driver.pid(), i, pings);
      all[i] =
          blocking
              ? driver.spawn(
                  self -> {
                    while (player.handle(self, self.receive())) {
                      // on to the next message
                    }
                  })
              : driver.spawn(player);
    }
    Everybody everybody = new Everybody(List.of(all));
    for (Pid pid : all) {
      driver.send(pid, everybody);
    }
    Boss.awaitDone(driver, all.length);
    run.afterwards(() -> stop(driver, all));
  }
}
