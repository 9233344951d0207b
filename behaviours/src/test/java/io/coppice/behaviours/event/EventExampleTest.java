package io.coppice.behaviours.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.coppice.kernel.testkit.TestNode;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EventExampleTest {
  sealed interface Event {
    record Ordered(String item, int price) implements Event {}

    record ShopClosed() implements Event {}
  }

  @Test
  @DisplayName("A handler counts events, is asked, and leaves")
  void example() {
    try (TestNode node = TestNode.start(1)) {
      node.run(
          self -> {
            // @start region="use"
            HandlerId<Tally.Question> tally = HandlerId.of(Tally.class);
            EventRef<Event> shop = GenEvent.<Event>start(self).orThrow();
            shop.add(tally, Tally::new);
            shop.notify(new Event.Ordered("tea", 3));
            shop.syncNotify(new Event.Ordered("pot", 20)); // returns when all handlers have seen it
            int total = shop.call(tally, new Tally.Total()); // typed: Total is a Call<…, Integer>
            // @end
            assertEquals(23, total);
            shop.syncNotify(new Event.ShopClosed());
            assertEquals(List.of(), shop.whichHandlers());
          });
    }
  }
}
