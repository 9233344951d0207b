package io.coppice.behaviours.event;

import static io.coppice.behaviours.server.TestBed.SOON;
import static io.coppice.behaviours.server.TestBed.expect;
import static io.coppice.behaviours.server.TestBed.expectNothing;
import static io.coppice.behaviours.server.TestBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.event.Spy.Event;
import io.coppice.behaviours.event.Spy.Note;
import io.coppice.behaviours.event.Spy.Seen;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.supervisor.Supervisor;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class EventStartTest {
  private static ExitReason failure(Executable operation) {
    return assertThrows(CallFailed.class, operation).reason();
  }

  @Test
  @DisplayName("GEV-001 a manager is started alone, linked, or monitored, and by name only once")
  void start() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> alone = GenEvent.<Event>start(self).orThrow();
          alone.stop();
          expectNothing(self);

          EventRef<Event> linked =
              GenEvent.<Event>startLink(self, EventOptions.named("events")).orThrow();
          assertEquals(List.of(Spy.pid(linked)), self.links());
          EventStart<Event> second = GenEvent.start(self, EventOptions.named("events"));
          assertEquals(new EventStart.AlreadyStarted<Event>(Spy.pid(linked)), second);
          assertThrows(NameTaken.class, second::orThrow);
          EventRef<Event> named = EventRef.named(self, "events");
          assertEquals(linked.whereis(), named.whereis());
          named.stop();
          assertEquals(ExitReason.NORMAL, expect(self, Exit.class).reason());

          EventStart<Event> monitored = GenEvent.startMonitor(self, EventOptions.named("events"));
          EventStart.Started<Event> started = (EventStart.Started<Event>) monitored;
          named.stop();
          assertEquals(started.monitor(), expect(self, Down.class).ref());
        });
  }

  @Test
  @DisplayName("GEV-002 a manager takes a time limit, a log, a rest when idle, and spawn options")
  void options() throws Exception {
    inProcess(
        self -> {
          EventOptions options =
              EventOptions.named("events")
                  .startTimeout(SOON)
                  .log(2)
                  .hibernateAfter(Duration.ofSeconds(1))
                  .spawn(SpawnOptions.DEFAULT.label("bus"));
          EventRef<Event> events = Spy.start(self, options);
          Spy.add(self, events, "a");
          events.syncNotify(new Note(1));
          assertEquals(2, events.sys().getLog().size());
          assertEquals("bus", self.info(Spy.pid(events)).orElseThrow().label());
          assertEquals(false, events.sys().getStatus().hibernating());
          self.sleep(Duration.ofMillis(1100));
          assertEquals(true, events.sys().getStatus().hibernating());
          self.sleep(Duration.ofMillis(1100));
          events.syncNotify(new Note(2));
          assertEquals(false, events.sys().getStatus().hibernating());
          assertThrows(IllegalArgumentException.class, () -> EventOptions.DEFAULT.log(-1));
          assertThrows(
              IllegalArgumentException.class,
              () -> EventOptions.DEFAULT.spawn(SpawnOptions.DEFAULT.link()));
        });
  }

  @Test
  @DisplayName("GE4 notify never fails, but for a name that nobody has; syncNotify needs a manager")
  void notifyNobody() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.with(self, "a");
          events.stop();
          expect(self, Seen.class);
          events.notify(new Note("dropped"));
          assertEquals(
              ExitReason.NO_PROCESS, failure(() -> events.syncNotify(new Note("not heard"))));
          EventRef<Event> nobody = EventRef.named(self, "nobody");
          IllegalArgumentException refused =
              assertThrows(IllegalArgumentException.class, () -> nobody.notify(new Note(1)));
          assertTrue(String.valueOf(refused.getMessage()).contains("nobody"), refused::toString);
          assertEquals(ExitReason.NO_PROCESS, failure(nobody::whichHandlers));
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("GEV-023 a manager that is stopped terminates each handler and ends normally")
  void stop() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.with(self, "a", "b");
          self.monitor(Spy.pid(events));
          events.stop();
          Removal stops = new Removal.ManagerStops(ExitReason.NORMAL);
          assertEquals(new Seen("b", "terminate", stops, "initial"), expect(self, Seen.class));
          assertEquals(new Seen("a", "terminate", stops, "initial"), expect(self, Seen.class));
          assertEquals(ExitReason.NORMAL, expect(self, Down.class).reason());
          assertEquals(ExitReason.NO_PROCESS, failure(events::stop));
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("SU40 a supervisor restarts a manager, without handlers and under its name")
  void supervised() throws Exception {
    inProcess(
        self -> {
          Supervisor.oneForOne()
              .child(GenEvent.child("bus", EventOptions.named("bus")))
              .start(self.node());
          EventRef<Event> events = EventRef.named(self, "bus");
          Pid first = Spy.pid(events);
          events.addSupervised(self, Spy.id("a"), () -> new Spy("a", self.pid()));
          self.exit(first, ExitReason.KILL);
          assertEquals(new Exit(first, ExitReason.KILLED), expect(self, Exit.class));
          while (events.whereis().isEmpty()) {
            self.sleep(Duration.ofMillis(1));
          }
          assertNotEquals(first, Spy.pid(events));
          assertEquals(List.of(), events.whichHandlers());
        });
  }
}
