package io.coppice.bench.peer.jvm;

import static io.coppice.bench.peer.jvm.Pekko.Sig;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Messages from actor to actor. */
final class PekkoMessages {
  private PekkoMessages() {}

  static Behavior<Integer> mpscDriver(int producers, int each, CompletableFuture<Object> f) {
    return Behaviors.setup(
        ctx -> {
          int total = producers * each;
          int[] got = {0};
          ActorRef<Integer> consumer =
              ctx.spawnAnonymous(
                  Behaviors.receiveMessage(
                      m -> {
                        if (++got[0] < total) return Behaviors.same();
                        ctx.getSelf().tell(got[0]);
                        return Behaviors.stopped();
                      }));
          for (int p = 0; p < producers; p++) {
            ctx.spawnAnonymous(
                Behaviors.setup(
                    c -> {
                      for (int i = 0; i < each; i++) consumer.tell(i);
                      return Behaviors.stopped();
                    }));
          }
          return Behaviors.receiveMessage(
              v -> {
                f.complete(v);
                return Behaviors.stopped();
              });
        });
  }

  sealed interface RingMsg permits Next, Token {}

  record Next(ActorRef<RingMsg> next) implements RingMsg {}

  record Token(int left) implements RingMsg {}

  static Behavior<Sig> ringDriver(int n, int hops, CompletableFuture<Object> f) {
    return Behaviors.setup(
        ctx -> {
          List<ActorRef<RingMsg>> ring = new ArrayList<>();
          for (int i = 0; i < n; i++) ring.add(ctx.spawnAnonymous(ringNode(ctx.getSelf())));
          for (int i = 0; i < n; i++) ring.get(i).tell(new Next(ring.get((i + 1) % n)));
          ring.get(0).tell(new Token(hops));
          return Behaviors.receiveMessage(
              m -> {
                f.complete(m);
                return Behaviors.stopped();
              });
        });
  }

  static Behavior<RingMsg> ringNode(ActorRef<Sig> driver) {
    var s =
        new Object() {
          ActorRef<RingMsg> next;
        };
    return Behaviors.receiveMessage(
        m -> {
          switch (m) {
            case Token t -> {
              if (t.left == 0) driver.tell(Sig.DONE);
              else s.next.tell(new Token(t.left - 1));
            }
            case Next x -> s.next = x.next;
          }
          return Behaviors.same();
        });
  }

  sealed interface BigMsg permits Neighbours, BigPing, BigPong {}

  record Neighbours(List<ActorRef<BigMsg>> all) implements BigMsg {}

  record BigPing(ActorRef<BigMsg> from) implements BigMsg {}

  enum BigPong implements BigMsg {
    PONG
  }

  static Behavior<Sig> bigDriver(int n, int pings, CompletableFuture<Object> f) {
    return Behaviors.setup(
        ctx -> {
          List<ActorRef<BigMsg>> all = new ArrayList<>();
          for (int i = 0; i < n; i++) all.add(ctx.spawnAnonymous(bigNode(i, pings, ctx.getSelf())));
          Neighbours nb = new Neighbours(all);
          for (ActorRef<BigMsg> a : all) a.tell(nb);
          int[] left = {n};
          return Behaviors.receiveMessage(
              m -> {
                if (--left[0] > 0) return Behaviors.same();
                f.complete(n);
                return Behaviors.stopped();
              });
        });
  }

  static Behavior<BigMsg> bigNode(int id, int pings, ActorRef<Sig> driver) {
    return Behaviors.setup(
        ctx -> {
          var s =
              new Object() {
                List<ActorRef<BigMsg>> all;
                int pongs = 0;
                final SplittableRandom rnd = new SplittableRandom(id);
                final BigPing mine = new BigPing(ctx.getSelf());

                void ping() {
                  int to = rnd.nextInt(all.size() - 1);
                  all.get(to < id ? to : to + 1).tell(mine);
                }
              };
          return Behaviors.receiveMessage(
              m -> {
                switch (m) {
                  case BigPing p -> p.from.tell(BigPong.PONG);
                  case BigPong p -> {
                    if (++s.pongs == pings) driver.tell(Sig.DONE);
                    else s.ping();
                  }
                  case Neighbours nb -> {
                    s.all = nb.all;
                    s.ping();
                  }
                }
                return Behaviors.same();
              });
        });
  }
}
