package io.coppice.behaviours.event;

import static io.coppice.behaviours.server.TestBed.expect;
import static io.coppice.behaviours.server.TestBed.expectNothing;
import static io.coppice.behaviours.server.TestBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.BadReturnValue;
import io.coppice.behaviours.ControlThrow;
import io.coppice.behaviours.event.Spy.Ask;
import io.coppice.behaviours.event.Spy.Do;
import io.coppice.behaviours.event.Spy.Event;
import io.coppice.behaviours.event.Spy.Note;
import io.coppice.behaviours.event.Spy.Question;
import io.coppice.behaviours.event.Spy.Seen;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class EventHandlersTest {
  private static ExitReason failure(Executable operation) {
    return assertThrows(CallFailed.class, operation).reason();
  }

  private static void assertCrashed(String message, ExitReason reason) {
    assertEquals(message, assertInstanceOf(ExitReason.Crashed.class, reason).error().getMessage());
  }

  private static ExitReason noHandler(String name) {
    return ExitReason.of(new NoHandler(Spy.id(name)));
  }

  /** What a failing callback of a handler leads to. */
  private static void assertRemoved(
      Context self, EventRef<Event> events, String name, Do event, Class<?> reason)
      throws Exception {
    events.syncNotify(event);
    Seen end = expect(self, Seen.class);
    assertEquals(name, end.name());
    assertEquals("initial", end.state());
    Removal.Failed failed = assertInstanceOf(Removal.Failed.class, end.what());
    assertInstanceOf(reason, failed.reason());
    assertEquals(Spy.ids("stays"), events.whichHandlers());
  }

  @Test
  @DisplayName("GEV-003 handlers are added newest first; one that refuses or fails is not there")
  void add() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.with(self, "old", "new");
          assertEquals(Spy.ids("new", "old"), events.whichHandlers());
          HandlerId<Question> id = Spy.id("refuses");
          ExitReason why = ExitReason.of("not today");
          assertEquals(
              why, failure(() -> events.add(id, () -> starting(self, EventInit.refuse(why)))));
          assertInstanceOf(
              BadReturnValue.class,
              assertInstanceOf(
                      ExitReason.Custom.class,
                      failure(() -> events.add(id, () -> starting(self, null))))
                  .term());
          assertCrashed("no code", failure(() -> events.add(id, () -> crash("no code"))));
          assertCrashed(
              "no start",
              failure(
                  () ->
                      events.add(
                          id,
                          () ->
                              new Spy("fails", self.pid()) {
                                @Override
                                public EventInit<Object> init(Context context) {
                                  return crash("no start");
                                }
                              })));
          Spy.add(self, events, "old"); // an id that is taken is as good as any
          assertEquals(Spy.ids("old", "new", "old"), events.whichHandlers());
          expectNothing(self);
        },
        node -> assertEquals(List.of(), node.reports(HandlerCrashed.class)));
  }

  private static Spy starting(Context self, @Nullable EventInit<Object> result) {
    return new Spy("starting", self.pid()) {
      @Override
      @SuppressWarnings("NullAway") // a bad return is what the test is about
      public EventInit<Object> init(Context context) {
        return result;
      }
    };
  }

  @SuppressWarnings("TypeParameterUnusedInFormals") // stands for any result
  private static <T> T crash(String text) {
    throw new IllegalStateException(text);
  }

  @Test
  @DisplayName(
      "GEV-005 delete gives what terminate returned, and fails if there is no such handler")
  void delete() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.with(self, "one");
          HandlerId<Question> plain = HandlerId.of(Spy.class);
          events.add(plain, () -> new Spy("plain", self.pid()));
          assertEquals("plain is gone", events.delete(plain, "bye"));
          assertEquals(
              new Seen("plain", "terminate", new Removal.Deleted("bye"), "initial"),
              expect(self, Seen.class));
          assertEquals("one is gone", events.delete(Spy.id("one"), null));
          expect(self, Seen.class);
          assertEquals(noHandler("one"), failure(() -> events.delete(Spy.id("one"), null)));
          assertEquals(
              ExitReason.of(new NoHandler(plain)), failure(() -> events.delete(plain, null)));
          assertEquals(List.of(), events.whichHandlers());
        });
  }

  @Test
  @DisplayName("GEV-020 each of several handlers with one id gets events; its id means the newest")
  void duplicates() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.start(self);
          HandlerId<Question> id = HandlerId.of(Spy.class);
          events.add(id, () -> new Spy("first", self.pid()));
          events.add(id, () -> new Spy("second", self.pid()));
          Spy.add(self, events, "third");
          assertEquals(List.of(Spy.id("third"), id, id), events.whichHandlers());
          events.notify(new Note("x"));
          for (String name : List.of("third", "second", "first")) {
            assertEquals(new Seen(name, "event", "x", "initial"), expect(self, Seen.class));
          }
          assertEquals("second is gone", events.delete(id, null));
          assertEquals("first is gone", events.delete(id, null));
          assertEquals(Spy.ids("third"), events.whichHandlers());
        });
  }

  @Test
  @DisplayName("GEV-010 a call gives the answer, whatever the handler does next")
  void callReturns() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.with(self, "a");
          HandlerId<Question> a = Spy.id("a");
          assertEquals("initial", events.call(a, Spy.get()));
          assertEquals(1, events.call(a, new Ask(state -> EventResult.reply(1, "next"))));
          CompletableFuture<Object> next = events.request(a, Spy.get());
          assertEquals(Spy.ids("a"), events.whichHandlers()); // answered after the other
          assertEquals("next", next.getNow(null));
          assertEquals(
              2,
              events.call(
                  a, new Ask(state -> EventResult.replyAnd(2, EventStep.hibernate("rests")))));
          assertTrue(events.sys().getStatus().hibernating());
          EventStep<Object> swap =
              EventStep.swap("args", "last", Spy.id("b"), () -> new Spy("b", self.pid()));
          assertEquals(3, events.call(a, new Ask(state -> EventResult.replyAnd(3, swap))));
          assertEquals(
              new Seen("a", "terminate", new Removal.Swapped("args"), "last"),
              expect(self, Seen.class));
          HandlerId<Question> b = Spy.id("b");
          assertEquals(new Handover.Left(a, "a is gone"), events.call(b, Spy.get()));
          assertEquals(
              4, events.call(b, new Ask(state -> EventResult.replyAnd(4, EventStep.remove()))));
          assertEquals(new Removal.Removed(), expect(self, Seen.class).what());
          assertEquals(noHandler("b"), failure(() -> events.call(b, Spy.get())));
        });
  }

  @Test
  @DisplayName("GEV-010 a call fails if the handler fails or is not there, or takes too long")
  void callFails() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.with(self, "stays", "bad", "crash", "slow");
          assertEquals(noHandler("none"), failure(() -> events.call(Spy.id("none"), Spy.get())));
          CompletableFuture<Object> asked = events.request(Spy.id("none"), Spy.get());
          assertEquals(4, events.whichHandlers().size()); // answered after the other
          assertInstanceOf(
              CallFailed.class, assertThrows(ExecutionException.class, asked::get).getCause());
          ExitReason bad = failure(() -> events.call(Spy.id("bad"), new Ask(state -> null)));
          assertInstanceOf(
              BadReturnValue.class, assertInstanceOf(ExitReason.Custom.class, bad).term());
          assertEquals(new Removal.Failed(bad), expect(self, Seen.class).what());
          ExitReason crashed =
              failure(() -> events.call(Spy.id("crash"), new Ask(state -> crash("boom"))));
          assertCrashed("boom", crashed);
          assertEquals(new Removal.Failed(crashed), expect(self, Seen.class).what());
          events.sys().suspend();
          Duration second = Duration.ofSeconds(1);
          Ask late = new Ask(state -> EventResult.reply("late", "slow"));
          assertEquals(
              ExitReason.TIMEOUT, failure(() -> events.call(Spy.id("slow"), late, second)));
          events.sys().resume();
          assertEquals("slow", events.call(Spy.id("slow"), Spy.get()));
          assertThrows(
              IllegalArgumentException.class,
              () -> events.call(Spy.id("slow"), late, Duration.ofMillis(-1)));
          assertEquals(Spy.ids("slow", "stays"), events.whichHandlers());
          expectNothing(self);
        },
        node -> assertEquals(2, node.reports(HandlerCrashed.class).size()));
  }

  @Test
  @DisplayName("GE6 a handler that fails is removed and reported; the others and the manager go on")
  void fails() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.with(self, "stays");
          Spy.add(self, events, "crash");
          assertRemoved(
              self,
              events,
              "crash",
              new Do("crash", state -> crash("boom")),
              ExitReason.Crashed.class);
          Spy.add(self, events, "bad");
          assertRemoved(self, events, "bad", new Do("bad", state -> null), ExitReason.Custom.class);
          Spy.add(self, events, "exits");
          events.notify(new Do("exits", state -> EventStep.next(state)));
          self.send(Spy.pid(events), new Do("exits", state -> crash("info")));
          assertEquals("exits", expect(self, Seen.class).name());
          events.syncNotify(new Note("still here"));
          assertEquals(
              new Seen("stays", "event", "still here", "initial"), expect(self, Seen.class));
        },
        node -> {
          List<HandlerCrashed> reports = node.reports(HandlerCrashed.class);
          assertEquals(3, reports.size());
          HandlerCrashed first = reports.getFirst();
          assertEquals(Spy.id("crash"), first.handler());
          assertEquals("initial", first.state());
          assertTrue(first.text().contains("boom"), first::text);
        });
  }

  @Test
  @DisplayName("GEV-017 a handler that lacks handleEvent is removed, and the manager lives")
  void lacksHandleEvent() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.with(self, "stays");
          events.add(
              Spy.id("lacks"),
              () ->
                  new Spy("lacks", self.pid()) {
                    @Override
                    public EventStep<Object> handleEvent(Event event, Object state) {
                      // What the JVM throws if the class was compiled against another interface.
                      throw new AbstractMethodError("handleEvent");
                    }
                  });
          events.syncNotify(Spy.set("nobody", 0));
          assertEquals("lacks", expect(self, Seen.class).name());
          assertEquals(Spy.ids("stays"), events.whichHandlers());
        },
        node -> assertEquals(1, node.reports(HandlerCrashed.class).size()));
  }

  @Test
  @DisplayName("GEV-019 if terminate fails, delete fails so, and the manager lives")
  void terminateFails() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.with(self, "stays");
          for (String name : List.of("deleted", "leaves")) {
            events.add(
                Spy.id(name),
                () ->
                    new Spy(name, self.pid()) {
                      @Override
                      public Object terminate(Removal why, Object state) {
                        return crash("no end of " + name());
                      }
                    });
          }
          assertCrashed("no end of deleted", failure(() -> events.delete(Spy.id("deleted"), null)));
          events.syncNotify(new Do("leaves", state -> EventStep.remove()));
          assertEquals(Spy.ids("stays"), events.whichHandlers());
        },
        node -> {
          HandlerCrashed report = node.reports(HandlerCrashed.class).getFirst();
          assertEquals(1, node.reports(HandlerCrashed.class).size());
          assertEquals(Spy.id("leaves"), report.handler());
        });
  }

  @Test
  @DisplayName("GEV-022 what a callback throws in a ControlThrow counts as returned")
  void throwIsReturn() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.with(self, "a");
          HandlerId<Question> a = Spy.id("a");
          events.syncNotify(
              new Do(
                  "a",
                  state -> {
                    throw new ControlThrow(EventStep.next("thrown"));
                  }));
          assertEquals("thrown", events.call(a, Spy.get()));
          assertEquals(
              "answer",
              events.call(
                  a,
                  new Ask(
                      state -> {
                        throw new ControlThrow(EventResult.reply("answer", "thrown again"));
                      })));
          assertEquals("thrown again", events.call(a, Spy.get()));
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("GE10 a swap hands what terminate returned to the next handler's init")
  void swap() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.with(self, "a", "b");
          events.swap(Spy.id("a"), 1, Spy.id("c"), () -> new Spy("c", self.pid()));
          assertEquals(
              new Seen("a", "terminate", new Removal.Swapped(1), "initial"),
              expect(self, Seen.class));
          assertEquals(Spy.ids("c", "b"), events.whichHandlers());
          assertEquals(
              new Handover.Left(Spy.id("a"), "a is gone"), events.call(Spy.id("c"), Spy.get()));
          events.swap(Spy.id("none"), 2, Spy.id("d"), () -> new Spy("d", self.pid()));
          assertEquals(new Handover.Missing(Spy.id("none")), events.call(Spy.id("d"), Spy.get()));
          assertCrashed(
              "no code",
              failure(() -> events.swap(Spy.id("d"), 3, Spy.id("e"), () -> crash("no code"))));
          assertEquals(Spy.ids("c", "b"), events.whichHandlers());
        });
  }

  @Test
  @DisplayName("GE5 a handler that swaps itself is replaced in its place, for the next event on")
  void swapsItself() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.with(self, "a", "b", "c");
          events.syncNotify(
              new Do(
                  "b",
                  state -> EventStep.swap(0, state, Spy.id("B"), () -> new Spy("B", self.pid()))));
          expect(self, Seen.class);
          assertEquals(Spy.ids("c", "B", "a"), events.whichHandlers());
          expectNothing(self);
          events.syncNotify(
              new Do("B", state -> EventStep.swap(0, state, Spy.id("x"), () -> crash("no x"))));
          expect(self, Seen.class);
          assertEquals(Spy.ids("c", "a"), events.whichHandlers());
        },
        node -> assertEquals(Spy.id("x"), node.reports(HandlerCrashed.class).getFirst().handler()));
  }

  @Test
  @DisplayName("GEV-011 all handlers get a plain message; one without handleInfo stays, warned of")
  void info() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.with(self, "a", "b");
          events.add(HandlerId.of(Deaf.class), Deaf::new);
          self.send(Spy.pid(events), "plain");
          assertEquals(new Seen("b", "info", "plain", "initial"), expect(self, Seen.class));
          assertEquals(new Seen("a", "info", "plain", "initial"), expect(self, Seen.class));
          assertEquals(3, events.whichHandlers().size());
        },
        node -> {
          UnhandledInfo report = node.reports(UnhandledInfo.class).getFirst();
          assertEquals("plain", report.message());
          assertEquals(System.Logger.Level.WARNING, report.level());
          assertTrue(report.text().contains("plain"), report::text);
        });
  }

  /** Takes any event, and no other message. */
  private static final class Deaf implements EventHandler<Object, Void, String> {
    @Override
    public EventInit<String> init(Context self) {
      return EventInit.state("deaf");
    }

    @Override
    public EventStep<String> handleEvent(Object event, String state) {
      return EventStep.next(state);
    }
  }

  @Test
  @DisplayName("A handler that calls its own manager fails, instead of waiting for ever")
  void callsItself() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.with(self, "a");
          events.syncNotify(
              new Do(
                  "a",
                  state -> {
                    events.whichHandlers();
                    return EventStep.next(state);
                  }));
          Seen end = expect(self, Seen.class);
          assertInstanceOf(
              ExitReason.CallFailure.class,
              assertInstanceOf(Removal.Failed.class, end.what()).reason());
          assertEquals(List.of(), events.whichHandlers());
        });
  }

  @Test
  @DisplayName("P4 a manager that is killed while a handler runs dies, and removes nobody")
  void killed() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.with(self, "a", "b");
          self.monitor(Spy.pid(events));
          events.notify(
              new Do(
                  "b",
                  state -> {
                    self.node().exit(Spy.pid(events), ExitReason.KILL);
                    throw new IllegalStateException("too late");
                  }));
          assertEquals(ExitReason.KILLED, expect(self, Down.class).reason());
          expectNothing(self);
        },
        node -> assertEquals(List.of(), node.reports(HandlerCrashed.class)));
  }
}
