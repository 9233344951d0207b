package io.coppice.bench.latency;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayDeque;
import java.util.Queue;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Pekko's typed actors, all of them on its default dispatcher. */
final class PekkoContender implements Contender {
  private static final Config CONFIG =
      ConfigFactory.parseString(
              """
              pekko.loglevel = OFF
              pekko.stdout-loglevel = OFF
              pekko.log-dead-letters = off
              pekko.log-dead-letters-during-shutdown = off
              pekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off
              pekko.daemonic = on
              """)
          .withFallback(ConfigFactory.load());

  /** What the first actor is told. */
  private sealed interface Order {}

  private record Ask(Due due) implements Order {}

  private record Loops(int count, Runnable loop) implements Order {}

  private record Answer(int count) implements Order {}

  private record Increment(ActorRef<Order> replyTo) {}

  private final ActorSystem<Order> system =
      ActorSystem.create(Behaviors.setup(Client::behavior), "latency", CONFIG);

  private static Behavior<Increment> server() {
    int[] count = {0};
    return Behaviors.receiveMessage(
        message -> {
          message.replyTo().tell(new Answer(++count[0]));
          return Behaviors.same();
        });
  }

  private static Behavior<Runnable> hog() {
    return Behaviors.receiveMessage(
        loop -> {
          loop.run();
          return Behaviors.stopped();
        });
  }

  /** The first actor: client, and parent of all others. */
  private static final class Client {
    private final ActorContext<Order> self;
    private final ActorRef<Increment> server;
    private final Queue<Due> due = new ArrayDeque<>(); // the first is under way

    private Client(ActorContext<Order> self) {
      this.self = self;
      this.server = self.spawnAnonymous(server());
    }

    static Behavior<Order> behavior(ActorContext<Order> self) {
      Client client = new Client(self);
      return Behaviors.receiveMessage(
          order -> {
            client.handle(order);
            return Behaviors.same();
          });
    }

    private void handle(Order order) {
      switch (order) {
        case Ask(Due next) -> {
          due.add(next);
          if (due.size() == 1) {
            ask();
          }
        }
        case Answer(int count) -> {
          due.remove().answered(count);
          if (!due.isEmpty()) {
            ask();
          }
        }
        case Loops(int count, Runnable loop) -> {
          for (int i = 0; i < count; i++) {
            self.spawnAnonymous(hog()).tell(loop);
          }
        }
      }
    }

    private void ask() {
      server.tell(new Increment(self.getSelf()));
    }
  }

  @Override
  public void call(Due call) {
    system.tell(new Ask(call));
  }

  @Override
  public void hogs(int count, Runnable loop) {
    if (count > 0) {
      system.tell(new Loops(count, loop));
    }
  }

  @Override
  public void close() {
    system.terminate();
  }
}
