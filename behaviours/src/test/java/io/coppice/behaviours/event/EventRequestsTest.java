package io.coppice.behaviours.event;

import static io.coppice.behaviours.server.TestBed.SOON;
import static io.coppice.behaviours.server.TestBed.expect;
import static io.coppice.behaviours.server.TestBed.expectNothing;
import static io.coppice.behaviours.server.TestBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.coppice.behaviours.Reply;
import io.coppice.behaviours.RequestId;
import io.coppice.behaviours.RequestIds;
import io.coppice.behaviours.RequestIds.Arrived;
import io.coppice.behaviours.event.Spy.Ask;
import io.coppice.behaviours.event.Spy.Event;
import io.coppice.behaviours.event.Spy.Seen;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Requests to handlers that nobody waits for (semantics G30–G34). */
class EventRequestsTest {
  private static ExitReason reason(Reply<?> reply) {
    return assertInstanceOf(Reply.Failure.class, reply).reason();
  }

  private static Reply<?> outcome(RequestId<?> id) {
    return id.receive(SOON).orElseThrow();
  }

  @Test
  @DisplayName("G30 a request to a handler is answered in the mailbox of who has sent it")
  void answer() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.with(self, "one");
          RequestId<Object> id = events.send(self, Spy.id("one"), Spy.get());
          Reply<Object> reply = id.receive(SOON).orElseThrow();
          assertEquals("initial", reply.orThrow());
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("GE8 GE6 a request fails at its receipt: no manager, no handler, one that fails")
  void failures() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> nobody = EventRef.named(self, "nobody");
          RequestId<Object> lost = nobody.send(self, Spy.id("one"), Spy.get());
          assertEquals(ExitReason.NO_PROCESS, reason(outcome(lost)));

          EventRef<Event> events = Spy.with(self, "one");
          RequestId<Object> missing = events.send(self, Spy.id("other"), Spy.get());
          assertEquals(ExitReason.of(new NoHandler(Spy.id("other"))), reason(outcome(missing)));

          IllegalStateException error = new IllegalStateException("boom");
          RequestId<Object> fails = events.send(self, Spy.id("one"), throwing(error));
          assertEquals(ExitReason.crashed(error), reason(outcome(fails)));
          assertEquals("terminate", expect(self, Seen.class).callback());
          assertEquals(List.of(), events.whichHandlers());
        });
  }

  private static Ask throwing(RuntimeException error) {
    return new Ask(
        state -> {
          throw error;
        });
  }

  @Test
  @DisplayName("G32 a collection has the outcomes of several handlers, each with its label")
  void collection() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.with(self, "one", "two");
          events.syncNotify(Spy.set("two", "changed"));
          RequestIds<String> open = new RequestIds<>(self);
          for (String name : List.of("one", "two")) {
            events.send(self, Spy.id(name), Spy.get(), name, open);
          }
          assertEquals(Map.of("one", "initial", "two", "changed"), answers(self, open));
        });
  }

  private static Map<String, Object> answers(Context self, RequestIds<String> open) {
    Map<String, Object> answers = new HashMap<>();
    while (open.size() > 0) {
      Arrived<String> arrived = open.check(self.receive()).orElseThrow();
      answers.put(arrived.label(), assertInstanceOf(Reply.Answer.class, arrived.reply()).value());
    }
    return answers;
  }
}
