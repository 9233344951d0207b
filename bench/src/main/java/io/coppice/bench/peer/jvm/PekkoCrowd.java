package io.coppice.bench.peer.jvm;

import static io.coppice.bench.peer.jvm.Pekko.Sig;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** A million actors, and failing ones. */
final class PekkoCrowd {
  private PekkoCrowd() {}

  /** The last one to start tells the driver: so all are known to wait for a message. */
  static Behavior<Sig> idle(ActorRef<Sig> driver, AtomicInteger starting) {
    return Behaviors.setup(
        c -> {
          if (starting.decrementAndGet() == 0) driver.tell(Sig.STARTED);
          return Behaviors.receiveMessage(
              m -> {
                driver.tell(Sig.DONE);
                return Behaviors.stopped();
              });
        });
  }

  /** Tells these to go when all have started, and counts those who are done. */
  static Behavior<Sig> waking(
      Iterable<? extends ActorRef<Sig>> all, int n, CompletableFuture<Object> f) {
    int[] left = {n};
    return Behaviors.receiveMessage(
        m -> {
          if (m == Sig.STARTED) {
            for (ActorRef<Sig> a : all) a.tell(Sig.GO);
            return Behaviors.same();
          }
          return --left[0] == 0 ? Behaviors.stopped(() -> f.complete(n)) : Behaviors.same();
        });
  }

  /** With a parent for each thousand; one parent of a million takes four times as long. */
  static Behavior<Sig> idleTreeDriver(int parents, int each, CompletableFuture<Object> f) {
    return Behaviors.setup(
        ctx -> {
          AtomicInteger starting = new AtomicInteger(parents * each);
          List<ActorRef<Sig>> all = new ArrayList<>(parents);
          for (int p = 0; p < parents; p++) {
            all.add(ctx.spawnAnonymous(idleParent(ctx.getSelf(), starting, each)));
          }
          return waking(all, parents * each, f);
        });
  }

  static Behavior<Sig> idleParent(ActorRef<Sig> driver, AtomicInteger starting, int each) {
    return Behaviors.setup(
        c -> {
          List<ActorRef<Sig>> all = new ArrayList<>(each);
          for (int i = 0; i < each; i++) all.add(c.spawnAnonymous(idle(driver, starting)));
          return Behaviors.receiveMessage(
              m -> {
                for (ActorRef<Sig> a : all) a.tell(Sig.GO);
                return Behaviors.same();
              });
        });
  }

  static Object idleBytes(Pekko pekko, int n) throws Exception {
    AtomicInteger started = new AtomicInteger();
    Behavior<Sig> child =
        Behaviors.setup(
            c -> {
              started.incrementAndGet();
              return Behaviors.receiveMessage(m -> Behaviors.stopped());
            });
    List<ActorRef<Sig>> all = new ArrayList<>(n);
    Behavior<Sig> driver =
        Behaviors.setup(
            ctx -> {
              for (int i = 0; i < n; i++) all.add(ctx.spawnAnonymous(child));
              return Behaviors.receiveMessage(m -> Behaviors.stopped());
            });

    pekko.start(driver);
    while (started.get() < n) Thread.sleep(10);
    return all;
  }

  static Behavior<Sig> panicDriver(int n, CompletableFuture<Object> f) {
    return Behaviors.setup(
        ctx -> {
          for (int i = 0; i < n; i++) {
            ActorRef<Sig> child = ctx.spawnAnonymous(crasher());
            ctx.watch(child);
            child.tell(Sig.CRASH);
          }
          int[] left = {n};
          return Behaviors.receiveSignal(
              (c, s) -> {
                if (s instanceof ChildFailed cf
                    && cf.getCause().getMessage().equals("boom")
                    && --left[0] == 0) {
                  f.complete(n);
                  return Behaviors.stopped();
                }
                return Behaviors.same();
              });
        });
  }

  static Behavior<Sig> crasher() {
    return Behaviors.receiveMessage(
        m -> {
          throw new IllegalStateException("boom");
        });
  }
}
