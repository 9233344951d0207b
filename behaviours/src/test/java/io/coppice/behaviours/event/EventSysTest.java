package io.coppice.behaviours.event;

import static io.coppice.behaviours.server.TestBed.expect;
import static io.coppice.behaviours.server.TestBed.expectNothing;
import static io.coppice.behaviours.server.TestBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.StatusView;
import io.coppice.behaviours.Sys;
import io.coppice.behaviours.SysStatus;
import io.coppice.behaviours.SystemEvent;
import io.coppice.behaviours.event.Spy.Ask;
import io.coppice.behaviours.event.Spy.Do;
import io.coppice.behaviours.event.Spy.Event;
import io.coppice.behaviours.event.Spy.Note;
import io.coppice.behaviours.event.Spy.Seen;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EventSysTest {
  private static void addFormatting(
      Context self, EventRef<Event> events, String name, UnaryOperator<StatusView> format) {
    events.add(
        Spy.id(name),
        () ->
            new Spy(name, self.pid()) {
              @Override
              public StatusView formatStatus(StatusView view) {
                return format.apply(view);
              }
            });
  }

  private static HandlerState state(String name, Object state) {
    return new HandlerState(Spy.id(name), state);
  }

  @Test
  @DisplayName("GEV-012 a manager rests when a handler wants it, until its next message")
  void hibernate() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.start(self);
          Sys sys = events.sys();
          events.add(
              Spy.id("a"),
              () ->
                  new Spy("a", self.pid()) {
                    @Override
                    public EventInit<Object> init(Context context) {
                      return EventInit.hibernate("rests");
                    }
                  });
          assertTrue(sys.getStatus().hibernating());
          assertTrue(sys.getStatus().hibernating()); // back to rest after the system message (SY12)
          assertEquals("rests", events.call(Spy.id("a"), Spy.get()));
          assertFalse(sys.getStatus().hibernating());
          Spy.add(self, events, "b");
          events.syncNotify(new Do("b", state -> EventStep.hibernate("slept")));
          assertTrue(sys.getStatus().hibernating());
          self.send(Spy.pid(events), new Do("b", EventStep::next));
          assertEquals(List.of(state("b", "slept"), state("a", "rests")), sys.getState());
          assertFalse(sys.getStatus().hibernating());
          self.send(Spy.pid(events), new Do("a", EventStep::hibernate));
          assertTrue(sys.getStatus().hibernating());
        });
  }

  @Test
  @DisplayName("GEV-013 the status shows each handler's state as its formatStatus makes it")
  void formatStatus() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.with(self, "plain");
          events.sys().log(1);
          addFormatting(self, events, "a", view -> view.withState("a*").withLog(List.of("log")));
          addFormatting(
              self,
              events,
              "b",
              view -> {
                throw new IllegalStateException("no format");
              });
          SysStatus status = events.sys().getStatus();
          List<?> states = assertInstanceOf(List.class, status.state());
          assertEquals(state("a", "a*"), states.get(1));
          assertEquals(state("plain", "initial"), states.get(2));
          String broken = states.get(0).toString();
          assertTrue(broken.contains("no format") && !broken.contains("initial"), broken);
          assertEquals(List.of("log"), status.log());
          assertEquals("GenEvent", status.module());
        });
  }

  @Test
  @DisplayName("GEV-014 the report of a handler that fails shows it as its formatStatus makes it")
  void formatReport() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.start(self, EventOptions.named("bus"));
          addFormatting(
              self, events, "a", view -> view.withState("secret").withMessage("an event"));
          events.syncNotify(
              new Do(
                  "a",
                  state -> {
                    throw new IllegalStateException("boom");
                  }));
          expect(self, Seen.class);
        },
        node -> {
          HandlerCrashed report = node.reports(HandlerCrashed.class).getFirst();
          assertEquals("secret", report.state());
          assertEquals("an event", report.lastMessage());
          assertEquals("bus", report.name());
          assertEquals(System.Logger.Level.ERROR, report.level());
          assertTrue(report.text().contains("boom"), report::text);
          assertFalse(report.text().contains("initial"), report::text);
        });
  }

  @Test
  @DisplayName(
      "GEV-015 the state is a list with each handler's; replacing it is up to each of them")
  void getState() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.with(self, "a", "b", "c");
          Sys sys = events.sys();
          events.syncNotify(Spy.set("b", 1));
          List<HandlerState> states =
              List.of(state("c", "initial"), state("b", 1), state("a", "initial"));
          assertEquals(states, sys.getState());
          sys.suspend();
          assertEquals(states, sys.getState());
          Object replaced =
              sys.replaceState(
                  one -> {
                    HandlerState old = (HandlerState) Objects.requireNonNull(one);
                    return switch (String.valueOf(old.id().term())) {
                      case "a" -> new HandlerState(old.id(), "new");
                      case "b" -> throw new IllegalStateException("no change");
                      default -> new HandlerState(Spy.id("x"), "of somebody else");
                    };
                  });
          assertEquals(List.of(state("c", "initial"), state("b", 1), state("a", "new")), replaced);
          sys.resume();
          assertEquals("new", events.call(Spy.id("a"), Spy.get()));
        });
  }

  @Test
  @DisplayName("SY2 while a manager is suspended events wait, and are handled in order then")
  void suspend() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.with(self, "a");
          events.sys().suspend();
          for (int i = 1; i <= 3; i++) {
            events.notify(new Note(i));
          }
          assertTrue(events.sys().getStatus().suspended());
          expectNothing(self);
          events.sys().resume();
          for (int i = 1; i <= 3; i++) {
            assertEquals(i, expect(self, Seen.class).what());
          }
        });
  }

  @Test
  @DisplayName("SY6 suspended handlers go over to new code, all or none of them")
  void changeCode() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.with(self, "a", "b");
          Sys sys = events.sys();
          sys.suspend();
          Spy next =
              new Spy("b", self.pid()) {
                @Override
                public Object codeChange(
                    @Nullable Object version, Object state, @Nullable Object extra) {
                  return state + " " + version + " " + extra;
                }
              };
          sys.changeCode(new NewCode(Spy.id("b"), next), "v1", "more");
          assertThrows(CallFailed.class, () -> sys.changeCode(null, "v2", null)); // a has none
          assertThrows(CallFailed.class, () -> sys.changeCode("no code", "v2", null));
          sys.resume();
          assertEquals("initial v1 more", events.call(Spy.id("b"), Spy.get()));
          assertEquals("initial", events.call(Spy.id("a"), Spy.get()));
        });
  }

  @Test
  @DisplayName("SY9 the log has events and answers, and is in the report of a handler that fails")
  void log() throws Exception {
    inProcess(
        self -> {
          EventRef<Event> events = Spy.with(self, "a");
          events.sys().log(3);
          Note note = new Note(1);
          events.notify(note);
          assertEquals("initial", events.call(Spy.id("a"), Spy.get()));
          List<?> log = events.sys().getLog();
          assertEquals(new SystemEvent(SystemEvent.Kind.IN, note, null), log.getFirst());
          assertEquals(new SystemEvent(SystemEvent.Kind.OUT, "initial", self.pid()), log.getLast());
          expect(self, Seen.class);
          assertThrows(
              CallFailed.class,
              () ->
                  events.call(
                      Spy.id("a"),
                      new Ask(
                          state -> {
                            throw new IllegalStateException("boom");
                          })));
          expect(self, Seen.class);
        },
        node -> assertEquals(3, node.reports(HandlerCrashed.class).getFirst().log().size()));
  }
}
