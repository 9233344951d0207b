package io.coppice.behaviours.event;

import static io.coppice.behaviours.server.TestBed.expect;
import static io.coppice.behaviours.server.TestBed.expectNothing;
import static io.coppice.behaviours.server.TestBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.event.Spy.Do;
import io.coppice.behaviours.event.Spy.Event;
import io.coppice.behaviours.event.Spy.Question;
import io.coppice.behaviours.event.Spy.Seen;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.SpawnOptions;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EventSupervisionTest {
  private static void addSupervised(
      Context owner, Pid watcher, EventRef<Event> events, String name) {
    events.addSupervised(owner, Spy.id(name), () -> new Spy(name, watcher));
  }

  private static void addSupervised(Context self, EventRef<Event> events, String name) {
    addSupervised(self, self.pid(), events, name);
  }

  private static HandlerGone gone(EventRef<Event> events, String name, ExitReason reason) {
    return new HandlerGone(Spy.pid(events), Spy.id(name), reason);
  }

  /** A process that adds handlers and ends when told with what. */
  private static Pid owner(Context self, EventRef<Event> events, String... names) throws Exception {
    Pid watcher = self.pid();
    Pid owner =
        self.spawn(
            own -> {
              for (String name : names) {
                addSupervised(own, watcher, events, name);
              }
              own.send(watcher, "added");
              throw own.exit((ExitReason) own.receive(ExitReason.class::isInstance));
            });
    assertEquals("added", expect(self, String.class));
    return owner;
  }

  @Test
  @DisplayName("GEV-004 the owner of each supervised handler is told that the manager stops")
  void managerStops() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.start(self);
          addSupervised(self, events, "a");
          addSupervised(self, events, "b");
          assertEquals(List.of(Spy.pid(events)), self.links());
          ExitReason why = ExitReason.of("enough");
          events.stop(why, null);
          for (String name : List.of("b", "a")) {
            assertEquals(
                new Seen(name, "terminate", new Removal.ManagerStops(why), "initial"),
                expect(self, Seen.class));
            assertEquals(gone(events, name, ExitReason.SHUTDOWN), expect(self, HandlerGone.class));
          }
          expectNothing(self); // no Exit: the notices have said it all
        });
  }

  @Test
  @DisplayName("GEV-004 a supervised handler whose init fails leaves a link and nothing else")
  void initFails() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.start(self);
          assertThrows(
              CallFailed.class,
              () ->
                  events.addSupervised(
                      self,
                      Spy.id("fails"),
                      () -> {
                        throw new IllegalStateException("no code");
                      }));
          assertEquals(List.of(Spy.pid(events)), self.links());
          events.stop();
          assertEquals(ExitReason.NORMAL, expect(self, Exit.class).reason());
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("GE9 the owner is told normal when its handler is deleted or leaves, else the error")
  void notices() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.start(self);
          addSupervised(self, events, "deleted");
          events.delete(Spy.id("deleted"), null);
          assertEquals(gone(events, "deleted", ExitReason.NORMAL), expect(self, HandlerGone.class));
          addSupervised(self, events, "leaves");
          events.syncNotify(new Do("leaves", state -> EventStep.remove()));
          assertEquals(gone(events, "leaves", ExitReason.NORMAL), expect(self, HandlerGone.class));
          addSupervised(self, events, "fails");
          IllegalStateException error = new IllegalStateException("boom");
          events.syncNotify(
              new Do(
                  "fails",
                  state -> {
                    throw error;
                  }));
          assertEquals(
              gone(events, "fails", ExitReason.crashed(error)), expect(self, HandlerGone.class));
        });
  }

  @Test
  @DisplayName("GE9 when an owner ends its handlers go, and the others see its exit")
  void ownerEnds() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.with(self, "stays");
          Pid owner = owner(self, events, "a", "b");
          assertEquals(Spy.ids("b", "a", "stays"), events.whichHandlers());
          ExitReason why = ExitReason.of("tired");
          self.send(owner, why);
          for (String name : List.of("b", "a")) {
            assertEquals(
                new Seen(name, "terminate", new Removal.OwnerEnded(why), "initial"),
                expect(self, Seen.class));
          }
          assertEquals(
              new Seen("stays", "info", new Exit(owner, why), "initial"), expect(self, Seen.class));
          assertEquals(Spy.ids("stays"), events.whichHandlers());
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("GE10 a plain swap keeps the owner, a supervised one brings a new owner")
  void swap() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.start(self);
          Pid owner = owner(self, events, "a");
          events.swap(Spy.id("a"), null, Spy.id("b"), () -> new Spy("b", self.pid()));
          expect(self, Seen.class);
          HandlerId<Question> c = Spy.id("c");
          events.swapSupervised(self, Spy.id("b"), null, c, () -> new Spy("c", self.pid()));
          expect(self, Seen.class);
          self.send(owner, ExitReason.SHUTDOWN);
          Exit exit = new Exit(owner, ExitReason.SHUTDOWN);
          assertEquals(exit, expect(self, Seen.class).what());
          assertEquals(List.of(c), events.whichHandlers());
          events.swap(c, null, Spy.id("d"), () -> new Spy("d", self.pid()));
          ExitReason swapped = ExitReason.of(new HandlerGone.Swapped(Spy.id("d"), self.pid()));
          assertEquals(gone(events, "c", swapped), expect(self, HandlerGone.class));
          events.delete(Spy.id("d"), null);
          assertEquals(gone(events, "d", ExitReason.NORMAL), expect(self, HandlerGone.class));
        });
  }

  @Test
  @DisplayName("GE9 the owner of a handler that swaps itself owns the next one, or hears why not")
  void swapsItself() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.start(self);
          addSupervised(self, events, "a");
          events.syncNotify(
              new Do(
                  "a",
                  state ->
                      EventStep.swap(null, state, Spy.id("b"), () -> new Spy("b", self.pid()))));
          ExitReason swapped = ExitReason.of(new HandlerGone.Swapped(Spy.id("b"), self.pid()));
          assertEquals(gone(events, "a", swapped), expect(self, HandlerGone.class));
          IllegalStateException error = new IllegalStateException("no c");
          events.syncNotify(
              new Do(
                  "b",
                  state ->
                      EventStep.swap(
                          null,
                          state,
                          Spy.id("c"),
                          () -> {
                            throw error;
                          })));
          expect(self, HandlerGone.class);
          assertEquals(
              gone(events, "c", ExitReason.crashed(error)), expect(self, HandlerGone.class));
        });
  }

  @Test
  @DisplayName("GE11 only the exit of the parent stops a manager, and the handlers learn of it")
  void parentExits() throws Exception {
    inProcess(
        self -> {
          Pid watcher = self.pid();
          Pid parent =
              self.spawn(
                  own -> {
                    EventRef<Event> events =
                        GenEvent.<Event>startLink(own, EventOptions.named("child")).orThrow();
                    addSupervised(own, watcher, events, "a");
                    own.send(watcher, "started");
                    throw own.exit((ExitReason) own.receive(ExitReason.class::isInstance));
                  });
          assertEquals("started", expect(self, String.class));
          EventRef<Event> events = EventRef.named(self, "child");
          self.monitor(Spy.pid(events));
          self.exit(Spy.pid(events), ExitReason.SHUTDOWN); // from another process: a message
          assertEquals(new Exit(watcher, ExitReason.SHUTDOWN), expect(self, Seen.class).what());
          self.send(parent, ExitReason.SHUTDOWN);
          assertEquals(
              new Removal.ManagerStops(ExitReason.SHUTDOWN), expect(self, Seen.class).what());
          assertEquals(ExitReason.SHUTDOWN, expect(self, Down.class).reason());
        });
  }

  @Test
  @DisplayName("GE9 a parent that owns handlers gets the exit of its manager beside the notices")
  void parentOwns() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = GenEvent.<Event>startLink(self, EventOptions.DEFAULT).orThrow();
          addSupervised(self, events, "a");
          Exit exit = new Exit(Spy.pid(events), ExitReason.of("abnormal"));
          events.stop(exit.reason(), null);
          assertEquals(gone(events, "a", ExitReason.SHUTDOWN), expect(self, HandlerGone.class));
          assertEquals(exit, expect(self, Exit.class));
        });
  }

  @Test
  @DisplayName("GE9 owners that do not trap exits outlive a manager that ends abnormally")
  void ownerLives() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.start(self);
          Pid owner = owner(self, events, "a");
          events.stop(ExitReason.of("abnormal"), null);
          assertTrue(self.isAlive(owner));
          self.exit(owner, ExitReason.KILL);
        });
  }

  @Test
  @DisplayName("Nobody can add a handler in the name of another process")
  void stranger() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.start(self);
          Pid watcher = self.pid();
          self.spawn(
              other -> {
                CallFailed failed =
                    assertThrows(CallFailed.class, () -> addSupervised(self, watcher, events, "a"));
                other.send(watcher, failed.reason());
              },
              SpawnOptions.DEFAULT);
          assertInstanceOf(ExitReason.Custom.class, expect(self, ExitReason.class));
          assertEquals(List.of(), events.whichHandlers());
          assertEquals(List.of(), self.links());
        });
  }
}
