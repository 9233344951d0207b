package io.coppice.examples.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.coppice.behaviours.event.EventRef;
import io.coppice.behaviours.event.HandlerCrashed;
import io.coppice.behaviours.event.HandlerId;
import io.coppice.behaviours.pg.ProcessGroups;
import io.coppice.behaviours.server.ServerRef;
import io.coppice.examples.bus.Event.Ordered;
import io.coppice.examples.bus.Event.Shipped;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.testkit.TestNode;
import io.coppice.kernel.testkit.junit.Seeded;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;

class BusTest {
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Shipped GOOD = new Shipped("ann@example.org", "tea");
  private static final Shipped POISON = new Shipped("nobody", "pot");
  private static final Set<HandlerId<?>> ALL = Set.of(Bus.TALLY, Bus.MAILER, Bus.DISTRIBUTOR);

  private final ProcessGroups<String> topics = ProcessGroups.scope("topics");

  private EventRef<Event> start(Context self) {
    Bus.tree(topics, PAUSE).start(self);
    awaitAll(self);
    return EventRef.named(self, "bus");
  }

  private static int awaitUp(Context self, String keeper) {
    return ServerRef.<Keeper.Message>named(self, keeper)
        .call(new Keeper.AwaitUp(), Duration.ofMinutes(1));
  }

  private static void awaitAll(Context self) {
    for (String keeper : List.of("tally", "mailer", "distributor")) {
      awaitUp(self, keeper);
    }
  }

  /** Crashes the mailer, and says how long it was away. */
  private static Duration crashMailer(Context self, EventRef<Event> bus) {
    long begin = self.monotonicNanos();
    bus.syncNotify(POISON);
    awaitUp(self, "mailer");
    return Duration.ofNanos(self.monotonicNanos() - begin);
  }

  @Seeded(seeds = 20)
  @DisplayName("a handler that crashes is reported and put back; the others miss nothing")
  void crashes(TestNode node) {
    node.run(
        self -> {
          EventRef<Event> bus = start(self);
          topics.join("shipping", self.pid());
          bus.syncNotify(new Ordered("ann@example.org", "tea"));
          bus.syncNotify(GOOD);
          bus.syncNotify(POISON);
          assertEquals(Set.of(Bus.TALLY, Bus.DISTRIBUTOR), Set.copyOf(bus.whichHandlers()));
          bus.syncNotify(GOOD); // missed by the mailer
          assertEquals(1, awaitUp(self, "mailer"));
          assertEquals(ALL, Set.copyOf(bus.whichHandlers()));
          bus.syncNotify(GOOD);

          assertEquals(1, bus.call(Bus.MAILER, new Mailer.Letters()).size());
          assertEquals(5, bus.call(Bus.TALLY, new Tally.Total()));
          for (Event event : List.of(GOOD, POISON, GOOD, GOOD)) {
            assertEquals(event, self.receive());
          }
          HandlerCrashed crash = node.reports(HandlerCrashed.class).getFirst();
          assertEquals(Bus.MAILER, crash.handler());
          assertEquals(POISON, crash.lastMessage());
          assertEquals(1, node.reports(HandlerCrashed.class).size());
        });
  }

  @Seeded(seeds = 5)
  @DisplayName("each time a handler fails it is away twice as long, until it has stayed for long")
  void backOff(TestNode node) {
    node.run(
        self -> {
          EventRef<Event> bus = start(self);
          assertEquals(50, crashMailer(self, bus).toMillis());
          assertEquals(100, crashMailer(self, bus).toMillis());
          assertEquals(200, crashMailer(self, bus).toMillis());
          self.sleep(PAUSE.multipliedBy(Keeper.STEADY));
          assertEquals(50, crashMailer(self, bus).toMillis());
          assertEquals(100, crashMailer(self, bus).toMillis());
        });
  }

  @Seeded(seeds = 20)
  @DisplayName("when the event manager is killed, another one has all handlers")
  void managerKilled(TestNode node) {
    node.run(
        self -> {
          EventRef<Event> bus = start(self);
          bus.syncNotify(GOOD);
          Pid old = bus.whereis().orElseThrow();
          Pid keeper = self.whereis("distributor").orElseThrow();
          self.monitor(keeper);
          self.exit(old, ExitReason.KILL);
          assertInstanceOf(Down.class, self.receive()); // its keepers go with it
          while (self.whereis("distributor").isEmpty()) {
            self.sleep(Duration.ofMillis(1));
          }
          awaitAll(self);
          assertNotEquals(old, bus.whereis().orElseThrow());
          assertEquals(ALL, Set.copyOf(bus.whichHandlers()));
          bus.syncNotify(GOOD);
          assertEquals(1, bus.call(Bus.TALLY, new Tally.Total()));
        });
  }

  @Seeded(seeds = 20)
  @DisplayName("who crashes over an event leaves its topic; the other members get the next one")
  void memberCrashes(TestNode node) {
    node.run(
        self -> {
          EventRef<Event> bus = start(self);
          var weak =
              self.spawnMonitor(
                  own -> {
                    throw new IllegalStateException("cannot stand " + own.receive());
                  });
          topics.join("shipping", List.of(weak.pid(), self.pid()));
          bus.syncNotify(GOOD);
          assertEquals(weak.pid(), ((Down) self.receive(Down.class::isInstance)).target());
          bus.syncNotify(GOOD);
          assertEquals(GOOD, self.receive());
          assertEquals(GOOD, self.receive());
          while (topics.members("shipping").size() > 1) { // its end is noticed a moment later
            self.yieldNow();
          }
          assertEquals(List.of(self.pid()), topics.members("shipping"));
          assertEquals(ALL, Set.copyOf(bus.whichHandlers()));
        });
  }
}
