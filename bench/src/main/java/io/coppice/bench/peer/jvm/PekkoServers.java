package io.coppice.bench.peer.jvm;

import static io.coppice.bench.peer.jvm.Pekko.Sig;
import static io.coppice.bench.peer.jvm.Pekko.TIMEOUT;
import static io.coppice.bench.peer.jvm.PekkoCrowd.crasher;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Servers, their clients and supervisors. */
final class PekkoServers {
  private PekkoServers() {}

  sealed interface Cmd permits Inc, Get, Cast {}

  record Inc(ActorRef<? super Integer> replyTo) implements Cmd {}

  record Get(ActorRef<? super Integer> replyTo) implements Cmd {}

  enum Cast implements Cmd {
    INC
  }

  static Behavior<Cmd> server() {
    int[] n = {0};
    return Behaviors.receiveMessage(
        m -> {
          switch (m) {
            case Inc i -> i.replyTo.tell(++n[0]);
            case Cast c -> n[0]++;
            case Get g -> g.replyTo.tell(n[0]);
          }
          return Behaviors.same();
        });
  }

  /**
   * The ways to make a synchronous call from one actor to another; the first two have a timeout.
   */
  enum How {
    SCALADSL_ASK(""),
    TELL("_tell");

    final String suffix;

    How(String suffix) {
      this.suffix = suffix;
    }
  }

  static Behavior<Integer> callDriver(
      int clients, int calls, How how, CompletableFuture<Object> f) {
    return Behaviors.setup(
        ctx -> {
          ActorRef<Cmd> server = ctx.spawnAnonymous(server());
          for (int i = 0; i < clients; i++)
            ctx.spawnAnonymous(
                switch (how) {
                  case SCALADSL_ASK -> scalaAskClient(server, calls, ctx.getSelf());
                  case TELL -> tellClient(server, calls, ctx.getSelf());
                });
          int[] left = {clients};
          int[] max = {0};
          return Behaviors.receiveMessage(
              v -> {
                max[0] = Math.max(max[0], v);
                if (--left[0] > 0) return Behaviors.same();
                f.complete(max[0]);
                return Behaviors.stopped();
              });
        });
  }

  /**
   * The same call through the Scala DSL's context.ask. The Java DSL's goes through a
   * CompletionStage whose callbacks run in ForkJoinPool.commonPool(), so that each call hops to
   * another thread and back; this does not.
   */
  static Behavior<Integer> scalaAskClient(
      ActorRef<Cmd> server, int calls, ActorRef<Integer> driver) {
    return Behaviors.setup(
        ctx -> {
          int[] left = {calls};
          scalaAsk(ctx, server);
          return Behaviors.receiveMessage(
              v -> {
                if (--left[0] == 0) {
                  driver.tell(v);
                  return Behaviors.stopped();
                }
                scalaAsk(ctx, server);
                return Behaviors.same();
              });
        });
  }

  static final org.apache.pekko.util.Timeout SCALA_TIMEOUT =
      org.apache.pekko.util.Timeout.create(TIMEOUT);
  static final scala.reflect.ClassTag<Integer> INT_TAG =
      scala.reflect.ClassTag$.MODULE$.apply(Integer.class);

  static void scalaAsk(ActorContext<Integer> ctx, ActorRef<Cmd> server) {
    ctx.asScala()
        .<Cmd, Integer>ask(
            server,
            Inc::new,
            t -> t.isSuccess() ? t.get() : Integer.valueOf(-1),
            SCALA_TIMEOUT,
            INT_TAG);
  }

  /** Request-response with replyTo = self: no timeout, no promise. */
  static Behavior<Integer> tellClient(ActorRef<Cmd> server, int calls, ActorRef<Integer> driver) {
    return Behaviors.setup(
        ctx -> {
          int[] left = {calls};
          server.tell(new Inc(ctx.getSelf()));
          return Behaviors.receiveMessage(
              v -> {
                if (--left[0] == 0) {
                  driver.tell(v);
                  return Behaviors.stopped();
                }
                server.tell(new Inc(ctx.getSelf()));
                return Behaviors.same();
              });
        });
  }

  static Behavior<Integer> castDriver(int casts, CompletableFuture<Object> f) {
    return Behaviors.setup(
        ctx -> {
          ActorRef<Cmd> server = ctx.spawnAnonymous(server());
          ctx.spawnAnonymous(
              Behaviors.<Integer>setup(
                  c -> {
                    for (int i = 0; i < casts; i++) server.tell(Cast.INC);
                    c.<Cmd, Integer>ask(
                        Integer.class,
                        server,
                        Duration.ofMinutes(1),
                        Get::new,
                        (v, t) -> t == null ? v : -1);
                    return Behaviors.receiveMessage(
                        v -> {
                          ctx.getSelf().tell(v);
                          return Behaviors.stopped();
                        });
                  }));
          return Behaviors.receiveMessage(
              v -> {
                f.complete(v);
                return Behaviors.stopped();
              });
        });
  }

  static Behavior<Sig> restartDriver(int n, CompletableFuture<Object> f) {
    return Behaviors.setup(
        ctx -> {
          Behavior<Sig> child =
              Behaviors.setup(
                  c -> {
                    ctx.getSelf().tell(Sig.STARTED);
                    return crasher();
                  });
          ActorRef<Sig> ref =
              ctx.spawnAnonymous(
                  Behaviors.supervise(child)
                      .onFailure(SupervisorStrategy.restart().withLoggingEnabled(false)));
          int[] starts = {0};
          return Behaviors.receiveMessage(
              m -> {
                if (starts[0]++ == n) {
                  f.complete(n);
                  return Behaviors.stopped();
                }
                ref.tell(Sig.CRASH);
                return Behaviors.same();
              });
        });
  }

  /** The parent spawns a new actor at each ChildFailed: as a supervisor of processes does. */
  static Behavior<Sig> respawnDriver(int n, CompletableFuture<Object> f) {
    return Behaviors.setup(
        ctx -> {
          int[] restarts = {0};
          Behavior<Sig> child =
              Behaviors.setup(
                  c -> {
                    ctx.getSelf().tell(Sig.STARTED);
                    return crasher();
                  });
          ActorRef<?>[] ref = {ctx.spawnAnonymous(child)};
          ctx.watch(ref[0]);
          return Behaviors.receive(
              (c, m) -> {
                if (restarts[0] == n) {
                  f.complete(n);
                  return Behaviors.stopped();
                }
                ref[0].<Sig>unsafeUpcast().tell(Sig.CRASH);
                return Behaviors.same();
              },
              (c, s) -> {
                if (s instanceof ChildFailed) {
                  restarts[0]++;
                  ref[0] = c.spawnAnonymous(child);
                  c.watch(ref[0]);
                }
                return Behaviors.same();
              });
        });
  }

  enum Unrelated {
    MSG
  }

  static Behavior<Sig> selectiveDriver(
      int unrelated, int calls, Runnable queued, CompletableFuture<Object> f) {
    return Behaviors.setup(
        ctx -> {
          ActorRef<Cmd> server = ctx.spawnAnonymous(server());
          ctx.spawnAnonymous(selectiveClient(server, unrelated, calls, queued, ctx.getSelf()));
          return Behaviors.receiveMessage(
              m -> {
                f.complete(m);
                return Behaviors.stopped();
              });
        });
  }

  static Behavior<Object> selectiveClient(
      ActorRef<Cmd> server, int unrelated, int calls, Runnable queued, ActorRef<Sig> driver) {
    return Behaviors.withStash(
        unrelated,
        stash ->
            Behaviors.setup(
                ctx -> {
                  for (int i = 0; i < unrelated; i++) ctx.getSelf().tell(Unrelated.MSG);
                  queued.run();
                  server.tell(new Inc(ctx.getSelf()));
                  int[] left = {calls};
                  return Behaviors.receiveMessage(
                      m -> {
                        if (m instanceof Integer) {
                          if (--left[0] == 0) {
                            driver.tell(Sig.DONE);
                            return Behaviors.empty();
                          }
                          server.tell(new Inc(ctx.getSelf()));
                        } else stash.stash(m);
                        return Behaviors.same();
                      });
                }));
  }
}
