package io.coppice.bench.peer.jvm;

import static io.coppice.bench.peer.jvm.Pekko.Sig;
import static io.coppice.bench.peer.jvm.Pekko.countDown;

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

  static Behavior<Sig> idle(ActorRef<Sig> driver) {
    return Behaviors.receiveMessage(
        m -> {
          driver.tell(Sig.DONE);
          return Behaviors.stopped();
        });
  }

  static Behavior<Sig> idleDriver(int n, CompletableFuture<Object> f) {
    return Behaviors.setup(
        ctx -> {
          List<ActorRef<Sig>> all = new ArrayList<>(n);
          for (int i = 0; i < n; i++) all.add(ctx.spawnAnonymous(idle(ctx.getSelf())));
          for (ActorRef<Sig> a : all) a.tell(Sig.GO);
          return countDown(n, f);
        });
  }

  /** The same with an intermediate parent per thousand actors. */
  static Behavior<Sig> idleTreeDriver(int parents, int each, CompletableFuture<Object> f) {
    return Behaviors.setup(
        ctx -> {
          for (int p = 0; p < parents; p++) {
            ctx.spawnAnonymous(
                Behaviors.<Sig>setup(
                    c -> {
                      List<ActorRef<Sig>> all = new ArrayList<>(each);
                      for (int i = 0; i < each; i++) all.add(c.spawnAnonymous(idle(ctx.getSelf())));
                      ctx.getSelf().tell(Sig.STARTED);
                      return Behaviors.receiveMessage(
                          m -> {
                            for (ActorRef<Sig> a : all) a.tell(Sig.GO);
                            return Behaviors.same();
                          });
                    }));
          }
          int[] started = {0};
          int[] left = {parents * each};
          return Behaviors.receiveMessage(
              m -> {
                if (m == Sig.STARTED) {
                  if (++started[0] == parents)
                    for (ActorRef<Void> p : ctx.getChildren()) p.<Sig>unsafeUpcast().tell(Sig.GO);
                  return Behaviors.same();
                }
                return --left[0] == 0 ? Behaviors.stopped(() -> f.complete(0)) : Behaviors.same();
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
