package io.coppice.behaviours.server;

import static io.coppice.behaviours.server.TestBed.expect;
import static io.coppice.behaviours.server.TestBed.expectNothing;
import static io.coppice.behaviours.server.TestBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.server.Probe.Message;
import io.coppice.behaviours.server.Probe.Seen;
import io.coppice.behaviours.server.Servers.Replies;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ServerCastTest {
  private static final Duration MOMENT = Duration.ofMillis(50);

  @Test
  @DisplayName("GSRV-026 handleCast may go on, with a timeout or a continue, and stop")
  void allReturnsOfHandleCast() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          server.cast(Probe.tell(state -> Step.next("one")));
          assertEquals("one", server.call(Probe.get()));
          server.cast(Probe.tell(state -> Step.next("two", Action.timeout(MOMENT))));
          assertEquals(new Seen("info", new Idle(), "two"), expect(self, Seen.class));
          server.cast(Probe.tell(state -> Step.next("three", Action.continueWith("go"))));
          assertEquals(new Seen("continue", "go", "three"), expect(self, Seen.class));
          self.monitor(Probe.pid(server));
          server.cast(Probe.tell(state -> Step.stop(ExitReason.SHUTDOWN, "four")));
          assertEquals(
              new Seen("terminate", ExitReason.SHUTDOWN, "four"), expect(self, Seen.class));
          assertEquals(ExitReason.SHUTDOWN, expect(self, Down.class).reason());
        });
  }

  @Test
  @DisplayName("GSRV-027 a cast to nobody, or to a dead process, returns at once")
  void castToNobody() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          server.stop();
          expect(self, Seen.class);
          server.cast(Probe.tell(Step::next));
          ServerRef.<Message>named(self, "nobody").cast(Probe.tell(Step::next));
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("GSRV-029 a cast to several names reaches those that exist")
  void castAll() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self, ServerOptions.named("here"));
          Servers.castAll(
              self, List.of("nowhere", "here"), Probe.tell(state -> Step.next("reached")));
          assertEquals("reached", server.call(Probe.get()));
        });
  }

  @Test
  @DisplayName(
      "GSRV-032 a call to several names tells who did not answer, and late answers are gone")
  void multiCall() throws Exception {
    inProcess(
        self -> {
          Probe.start(self, ServerOptions.named("a"));
          Probe.start(self, ServerOptions.named("b"));
          List<String> names = List.of("a", "missing", "b");
          Replies<?> replies = Servers.multiCall(self, names, Probe.get(), null);
          assertEquals(Map.of("a", "initial", "b", "initial"), replies.answers());
          assertEquals(List.of("missing"), replies.missing());

          ServerRef.<Message>named(self, "b").cast(Probe.tell(state -> Step.next("slow")));
          Probe.Ask request =
              Probe.ask(
                  (from, state) ->
                      state.equals("slow")
                          ? Result.noReply(
                              state, Action.timeout(MOMENT, Probe.replying(from, "late")))
                          : Result.reply("quick", state));
          Replies<?> some = Servers.multiCall(self, names, request, Duration.ofMillis(10));
          assertEquals(Map.of("a", "quick"), some.answers());
          assertEquals(List.of("missing", "b"), some.missing());
          assertTrue(self.receive(MOMENT.multipliedBy(2)).isEmpty());
        });
  }

  @Test
  @DisplayName("GSRV-033 a server that dies while several are called is missing at once")
  void multiCallDown() throws Exception {
    inProcess(
        self -> {
          Probe.start(self, ServerOptions.named("dies"));
          Replies<?> replies =
              Servers.multiCall(
                  self,
                  List.of("dies"),
                  Probe.ask((from, state) -> Result.stop(ExitReason.SHUTDOWN, state)),
                  null);
          assertEquals(List.of("dies"), replies.missing());
        });
  }

  @Test
  @DisplayName("G40 Casts of one client arrive in the order sent, by pid and by name")
  void orderOfCasts() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> byPid = Probe.start(self, ServerOptions.named("ordered"));
          ServerRef<Message> byName = ServerRef.named(self, "ordered");
          for (int i = 0; i < 10; i++) {
            int number = i;
            (i % 2 == 0 ? byPid : byName)
                .cast(Probe.tell(state -> Step.next(state + " " + number)));
          }
          assertEquals("initial 0 1 2 3 4 5 6 7 8 9", byPid.call(Probe.get()));
        });
  }
}
