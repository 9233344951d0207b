package io.coppice.examples.bus;

import io.coppice.behaviours.event.EventRef;
import io.coppice.behaviours.pg.ProcessGroups;
import io.coppice.behaviours.server.ServerRef;
import io.coppice.examples.bus.Event.Ordered;
import io.coppice.examples.bus.Event.Shipped;
import io.coppice.kernel.Node;
import java.time.Duration;
import java.util.List;

/** Tells a shop's events to handlers of which one fails, and to those who have joined a topic. */
public final class Main {
  private Main() {}

  /**
   * Runs for a moment.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    ProcessGroups<String> topics = ProcessGroups.scope("topics");
    try (Node node = Node.start()) {
      Bus.tree(topics, Duration.ofMillis(50)).start(node);
      topics.join("orders", node.spawn((self, order) -> System.out.println("packing: " + order)));
      for (String keeper : List.of("tally", "mailer", "distributor")) {
        awaitUp(node, keeper);
      }

      EventRef<Event> bus = EventRef.named(node, "bus");
      bus.syncNotify(new Ordered("ann@example.org", "tea"));
      bus.syncNotify(new Shipped("ann@example.org", "tea"));
      System.out.println("mailer: " + bus.call(Bus.MAILER, new Mailer.Letters()));

      bus.syncNotify(new Shipped("nobody", "pot")); // the mailer does not survive it
      System.out.println("handlers now: " + bus.whichHandlers());
      System.out.println("the mailer is back, failures: " + awaitUp(node, "mailer"));
      bus.syncNotify(new Shipped("bob@example.org", "cup"));
      System.out.println("mailer: " + bus.call(Bus.MAILER, new Mailer.Letters()));
      System.out.println("events the tally has seen: " + bus.call(Bus.TALLY, new Tally.Total()));
    }
  }

  private static int awaitUp(Node node, String keeper) {
    return ServerRef.<Keeper.Message>named(node, keeper).call(new Keeper.AwaitUp());
  }
}
