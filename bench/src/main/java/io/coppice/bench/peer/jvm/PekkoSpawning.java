package io.coppice.bench.peer.jvm;

import static io.coppice.bench.peer.jvm.Pekko.Sig;
import static io.coppice.bench.peer.jvm.Pekko.countDown;
import static io.coppice.bench.peer.jvm.PekkoCrowd.crasher;
import static io.coppice.bench.peer.jvm.PekkoTimers.sleeper;
import static io.coppice.bench.peer.jvm.PekkoTimers.summing;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Short-lived actors. */
final class PekkoSpawning {
  private PekkoSpawning() {}

  static Behavior<Integer> chainDriver(int n, CompletableFuture<Object> f) {
    return Behaviors.setup(
        ctx -> {
          ctx.getSelf().tell(1);
          return Behaviors.receiveMessage(
              i -> {
                if (i > n) {
                  f.complete(i);
                  return Behaviors.stopped();
                }
                ctx.spawnAnonymous(chainLink(i, ctx.getSelf()));
                return Behaviors.same();
              });
        });
  }

  static Behavior<Void> chainLink(int i, ActorRef<Integer> driver) {
    return Behaviors.setup(
        ctx -> {
          driver.tell(i + 1);
          return Behaviors.stopped();
        });
  }

  record Ping(ActorRef<Integer> replyTo, int value) {}

  static Behavior<Sig> pingPongDriver(int n, CompletableFuture<Object> f) {
    return Behaviors.setup(
        ctx -> {
          for (int i = 0; i < n; i++) ctx.spawnAnonymous(pinger(ctx.getSelf()));
          return countDown(n, f);
        });
  }

  static Behavior<Integer> pinger(ActorRef<Sig> driver) {
    return Behaviors.setup(
        ctx -> {
          ctx.spawnAnonymous(ponger()).tell(new Ping(ctx.getSelf(), 1));
          return Behaviors.receiveMessage(
              v -> {
                driver.tell(Sig.DONE);
                return Behaviors.stopped();
              });
        });
  }

  static Behavior<Ping> ponger() {
    return Behaviors.receiveMessage(
        p -> {
          p.replyTo.tell(p.value + 1);
          return Behaviors.stopped();
        });
  }

  static Behavior<Sig> stormDriver(int busy, int n, CompletableFuture<Object> f) {
    return Behaviors.setup(
        ctx -> {
          for (int i = 0; i < busy; i++) ctx.spawnAnonymous(busyLoop());
          for (int i = 0; i < n; i++) ctx.watch(ctx.spawnAnonymous(endsAtOnce()));
          int[] left = {n};
          return Behaviors.receiveSignal(
              (c, s) ->
                  s instanceof Terminated && --left[0] == 0
                      ? Behaviors.stopped(() -> f.complete(n))
                      : Behaviors.same());
        });
  }

  static Behavior<Sig> stormTreeDriver(
      int busy, int parents, int each, CompletableFuture<Object> f) {
    return Behaviors.setup(
        ctx -> {
          for (int i = 0; i < busy; i++) ctx.spawnAnonymous(busyLoop());
          for (int p = 0; p < parents; p++)
            ctx.spawnAnonymous(
                Behaviors.<Sig>setup(
                    c -> {
                      for (int i = 0; i < each; i++) c.watch(c.spawnAnonymous(endsAtOnce()));
                      int[] left = {each};
                      return Behaviors.receiveSignal(
                          (c2, s) -> {
                            if (!(s instanceof Terminated) || --left[0] > 0)
                              return Behaviors.same();
                            ctx.getSelf().tell(Sig.DONE);
                            return Behaviors.stopped();
                          });
                    }));
          return countDown(parents, f);
        });
  }

  static Behavior<Sig> timersTreeDriver(int parents, int each, CompletableFuture<Object> f) {
    return Behaviors.setup(
        ctx -> {
          for (int p = 0; p < parents; p++)
            ctx.spawnAnonymous(
                Behaviors.<Sig>setup(
                    c -> {
                      for (int i = 0; i < each; i++)
                        c.spawnAnonymous(sleeper(Duration.ofMillis(1 + i % 10), c.getSelf()));
                      int[] left = {each};
                      return Behaviors.receiveMessage(
                          m ->
                              --left[0] == 0
                                  ? Behaviors.stopped(() -> ctx.getSelf().tell(Sig.DONE))
                                  : Behaviors.same());
                    }));
          return countDown(parents, f);
        });
  }

  /**
   * Every failure notice is handled by the crashed actor's parent, which reports when it has all of
   * its own.
   */
  static Behavior<Sig> panicTreeDriver(int parents, int each, CompletableFuture<Object> f) {
    return Behaviors.setup(
        ctx -> {
          for (int p = 0; p < parents; p++)
            ctx.spawnAnonymous(
                Behaviors.<Sig>setup(
                    c -> {
                      for (int i = 0; i < each; i++) {
                        ActorRef<Sig> child = c.spawnAnonymous(crasher());
                        c.watch(child);
                        child.tell(Sig.CRASH);
                      }
                      int[] left = {each};
                      return Behaviors.receiveSignal(
                          (c2, s) -> {
                            if (!(s instanceof ChildFailed cf)
                                || !cf.getCause().getMessage().equals("boom")
                                || --left[0] > 0) return Behaviors.same();
                            ctx.getSelf().tell(Sig.DONE);
                            return Behaviors.stopped();
                          });
                    }));
          return countDown(parents, f);
        });
  }

  static Behavior<Sig> busyLoop() {
    return Behaviors.setup(
        ctx -> {
          ctx.getSelf().tell(Sig.TICK);
          return Behaviors.receiveMessage(
              m -> {
                ctx.getSelf().tell(Sig.TICK);
                return Behaviors.same();
              });
        });
  }

  static Behavior<Void> endsAtOnce() {
    return Behaviors.setup(ctx -> Behaviors.stopped());
  }

  static Behavior<Integer> deepDriver(int depth, CompletableFuture<Object> f) {
    return Behaviors.setup(
        ctx -> {
          ctx.spawnAnonymous(level(depth - 1, ctx.getSelf()));
          return Behaviors.receiveMessage(
              v -> {
                f.complete(v);
                return Behaviors.stopped();
              });
        });
  }

  static Behavior<Integer> level(int below, ActorRef<Integer> parent) {
    return Behaviors.setup(
        ctx -> {
          if (below == 0) {
            parent.tell(1);
            return Behaviors.stopped();
          }
          ctx.spawnAnonymous(level(below - 1, ctx.getSelf()));
          return Behaviors.receiveMessage(
              v -> {
                parent.tell(v + 1);
                return Behaviors.stopped();
              });
        });
  }

  static Behavior<Long> skynetDriver(int size, CompletableFuture<Object> f) {
    return Behaviors.setup(
        ctx -> {
          ctx.spawnAnonymous(skynet(ctx.getSelf(), 0, size));
          return summing(1, f::complete);
        });
  }

  static Behavior<Long> skynet(ActorRef<Long> parent, long num, int size) {
    return Behaviors.setup(
        ctx -> {
          if (size == 1) {
            parent.tell(num);
            return Behaviors.stopped();
          }
          int sub = size / 10;
          for (int i = 0; i < 10; i++)
            ctx.spawnAnonymous(skynet(ctx.getSelf(), num + (long) i * sub, sub));
          return summing(10, parent::tell);
        });
  }
}
