package io.coppice.bench.peer.jvm;

import static io.coppice.bench.peer.jvm.JvmPeer.FAN;
import static io.coppice.bench.peer.jvm.JvmPeer.check;
import static io.coppice.bench.peer.jvm.JvmPeer.steps;
import static io.coppice.bench.peer.jvm.Pekko.Sig;
import static io.coppice.bench.peer.jvm.Pekko.TIMEOUT;
import static io.coppice.bench.peer.jvm.Pekko.countDown;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Yields, timers and computing. */
final class PekkoTimers {
  private PekkoTimers() {}

  static Behavior<Sig> yieldDriver(int procs, int yields, CompletableFuture<Object> f) {
    return Behaviors.setup(
        ctx -> {
          for (int i = 0; i < procs; i++) ctx.spawnAnonymous(yielder(yields, ctx.getSelf()));
          return countDown(procs, f);
        });
  }

  static Behavior<Sig> yielder(int yields, ActorRef<Sig> driver) {
    return Behaviors.setup(
        ctx -> {
          int[] left = {yields};
          ctx.getSelf().tell(Sig.TICK);
          return Behaviors.receiveMessage(
              m -> {
                if (--left[0] == 0) {
                  driver.tell(Sig.DONE);
                  return Behaviors.stopped();
                }
                ctx.getSelf().tell(Sig.TICK);
                return Behaviors.same();
              });
        });
  }

  static Behavior<Sig> timersDriver(int n, CompletableFuture<Object> f) {
    return Behaviors.setup(
        ctx -> {
          for (int i = 0; i < n; i++) {
            Duration d = Duration.ofMillis(1 + i % 10);
            ctx.spawnAnonymous(sleeper(d, ctx.getSelf()));
          }
          return countDown(n, f);
        });
  }

  static Behavior<Sig> sleeper(Duration d, ActorRef<Sig> driver) {
    return Behaviors.setup(
        ctx -> {
          ctx.scheduleOnce(d, ctx.getSelf(), Sig.TICK);
          return awake(driver);
        });
  }

  static Behavior<Sig> awake(ActorRef<Sig> driver) {
    return Behaviors.receiveMessage(
        m -> {
          driver.tell(Sig.DONE);
          return Behaviors.stopped();
        });
  }

  static Behavior<Long> fanDriver(CompletableFuture<Object> f) {
    return Behaviors.setup(
        ctx -> {
          for (int i = 0; i < FAN; i++) {
            int seed = i;
            ctx.spawnAnonymous(
                Behaviors.setup(
                    c -> {
                      ctx.getSelf().tell(steps(seed));
                      return Behaviors.stopped();
                    }));
          }
          return summing(FAN, f::complete);
        });
  }

  interface Then {
    void accept(long v);
  }

  static Behavior<Long> summing(int n, Then then) {
    var s =
        new Object() {
          int left = n;
          long sum = 0;
        };
    return Behaviors.receiveMessage(
        v -> {
          s.sum += v;
          if (--s.left > 0) return Behaviors.same();
          then.accept(s.sum);
          return Behaviors.stopped();
        });
  }

  static Behavior<Sig> startCancelDriver(int n, CompletableFuture<Object> f) {
    return Behaviors.setup(
        ctx -> {
          for (int i = 0; i < n; i++) {
            Cancellable c = ctx.scheduleOnce(TIMEOUT, ctx.getSelf(), Sig.TICK);
            check(c.cancel(), "cancel");
          }
          f.complete(n);
          return Behaviors.stopped();
        });
  }

  static Behavior<Sig> startAllCancelAllDriver(int n, CompletableFuture<Object> f) {
    return Behaviors.setup(
        ctx -> {
          Cancellable[] all = new Cancellable[n];
          for (int i = 0; i < n; i++) all[i] = ctx.scheduleOnce(TIMEOUT, ctx.getSelf(), Sig.TICK);
          for (Cancellable c : all) check(c.cancel(), "cancel");
          f.complete(n);
          return Behaviors.stopped();
        });
  }
}
