package io.coppice.behaviours.server;

import static io.coppice.behaviours.server.TestBed.SOON;
import static io.coppice.behaviours.server.TestBed.expect;
import static io.coppice.behaviours.server.TestBed.expectNothing;
import static io.coppice.behaviours.server.TestBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.Reply;
import io.coppice.behaviours.RequestId;
import io.coppice.behaviours.StatusView;
import io.coppice.behaviours.Sys;
import io.coppice.behaviours.SysStatus;
import io.coppice.behaviours.SystemEvent;
import io.coppice.behaviours.SystemRequest;
import io.coppice.behaviours.server.Probe.Message;
import io.coppice.behaviours.server.Probe.Seen;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ServerSysTest {
  private static Supplier<Probe> formatting(Context self, UnaryOperator<StatusView> format) {
    return () ->
        new Probe(self) {
          @Override
          public StatusView formatStatus(StatusView view) {
            return format.apply(view);
          }
        };
  }

  private static ExitReason failure(Executable call) {
    return assertThrows(CallFailed.class, call).reason();
  }

  private static Object customTerm(ExitReason reason) {
    return assertInstanceOf(ExitReason.Custom.class, reason).term();
  }

  private static void crash(ServerRef<Message> server, String text) {
    Probe.Ask crash =
        Probe.ask(
            (from, state) -> {
              throw new IllegalStateException(text);
            });
    assertThrows(CallFailed.class, () -> server.call(crash));
  }

  @Test
  @DisplayName("GSRV-041 the status shows the state as formatStatus makes it, by pid and by name")
  void formattedStatus() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server =
              GenServer.start(
                      self,
                      formatting(self, view -> view.withState("formatted " + view.state())),
                      ServerOptions.named("formatted"))
                  .orThrow();
          SysStatus status = server.sys().getStatus();
          assertEquals("formatted initial", status.state());
          assertEquals("formatted", status.name());
          assertEquals(status, Sys.named(self, "formatted").getStatus());
          assertEquals("initial", server.sys().getState());
        });
  }

  @Test
  @DisplayName("GSRV-042 the report of a crash shows the state as formatStatus makes it")
  void formattedReport() throws Exception {
    inProcess(
        self ->
            crash(
                GenServer.start(self, formatting(self, view -> view.withState("secret"))).orThrow(),
                "boom"),
        node -> {
          ServerTerminated report = node.reports(ServerTerminated.class).getFirst();
          assertEquals("secret", report.state());
          assertTrue(report.text().contains("boom"), report::text);
          assertTrue(Objects.requireNonNull(report.client()).alive());
        });
  }

  @Test
  @DisplayName(
      "GSRV-046 formatStatus rewrites state, message, reason and log, in status and report")
  void formattedEverything() throws Exception {
    UnaryOperator<StatusView> format =
        view ->
            view.withState("a state")
                .withMessage("a message")
                .withReason("a reason")
                .withLog(List.of("a log"));
    inProcess(
        self -> {
          ServerRef<Message> server = GenServer.start(self, formatting(self, format)).orThrow();
          SysStatus status = server.sys().getStatus();
          assertEquals("a state", status.state());
          assertEquals(List.of("a log"), status.log());
          crash(server, "boom");
        },
        node -> {
          ServerTerminated report = node.reports(ServerTerminated.class).getFirst();
          assertEquals("a state", report.state());
          assertEquals("a message", report.lastMessage());
          assertEquals("a reason", report.reason());
          assertEquals(List.of("a log"), report.log());
        });
  }

  @Test
  @DisplayName(
      "GS25 When formatStatus throws, the status says so, hides the state, and all goes on")
  void formatStatusCrashes() throws Exception {
    inProcess(
        self -> {
          UnaryOperator<StatusView> broken =
              view -> {
                throw new IllegalStateException("no format");
              };
          ServerRef<Message> server = GenServer.start(self, formatting(self, broken)).orThrow();
          String shown = String.valueOf(server.sys().getStatus().state());
          assertTrue(shown.contains("crashed"), shown);
          assertFalse(shown.contains("initial"), shown);
          assertEquals("initial", server.call(Probe.get()));
        });
  }

  @Test
  @DisplayName("GSRV-047 the state is to be had by name and by pid, also of a suspended server")
  void getState() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self, ServerOptions.named("stateful"));
          assertEquals("initial", server.sys().getState());
          Sys sys = Sys.named(self, "stateful");
          assertEquals("initial", sys.getState());
          sys.suspend();
          assertEquals("initial", sys.getState());
          assertTrue(sys.getStatus().suspended());
        });
  }

  @Test
  @DisplayName(
      "GSRV-048 the state is replaced, also while suspended; a function that throws changes"
          + " nothing")
  void replaceState() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          Sys sys = server.sys();
          assertEquals("initial+", sys.replaceState(state -> state + "+"));
          IllegalStateException error = new IllegalStateException("failing");
          ExitReason reason =
              failure(
                  () ->
                      sys.replaceState(
                          state -> {
                            throw error;
                          }));
          assertEquals(new SystemRequest.CallbackFailed(error), customTerm(reason));
          sys.suspend();
          assertEquals("initial++", sys.replaceState(state -> state + "+"));
          sys.resume();
          assertEquals("initial++", server.call(Probe.get()));
        });
  }

  @Test
  @DisplayName("GSRV-051 a server without handleInfo drops a message with a warning and lives")
  void missingHandleInfo() throws Exception {
    inProcess(
        self -> {
          GenServer<Message, Object> bare = in -> Init.state("bare");
          ServerRef<Message> server = GenServer.start(self, () -> bare).orThrow();
          self.send(Probe.pid(server), "unexpected");
          assertEquals("bare", server.sys().getState());
        },
        node -> {
          UnhandledMessage report = node.reports(UnhandledMessage.class).getFirst();
          assertEquals("unexpected", report.message());
          assertEquals(System.Logger.Level.WARNING, report.level());
        });
  }

  @Test
  @DisplayName(
      "GSRV-054 a change of code without codeChange fails, and the server lives with its state")
  void missingCodeChange() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          Sys sys = server.sys();
          ExitReason running = failure(() -> sys.changeCode(null, "1", null));
          assertInstanceOf(SystemRequest.Unknown.class, customTerm(running));
          sys.suspend();
          ExitReason reason = failure(() -> sys.changeCode(null, "1", null));
          assertInstanceOf(
              UnsupportedOperationException.class,
              assertInstanceOf(ExitReason.Crashed.class, reason).error());
          sys.resume();
          assertEquals("initial", server.call(Probe.get()));
        });
  }

  @Test
  @DisplayName("SY6 A suspended server goes over to new callbacks with its state converted")
  void changeCode() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          Probe next =
              new Probe(self) {
                @Override
                public Object codeChange(
                    @Nullable Object version, Object state, @Nullable Object extra) {
                  return state + " " + version + " " + extra;
                }
              };
          server.sys().suspend();
          RequestId<?> waiting = server.send(self, Probe.get());
          server.sys().changeCode(next, "v1", "more");
          server.sys().resume();
          assertEquals("initial v1 more", waiting.receive(SOON).orElseThrow().orThrow());
          assertEquals(next.getClass().getName(), server.sys().getStatus().module());
        });
  }

  @Test
  @DisplayName("SY2 While a server is suspended its messages wait, and are handled in order then")
  void suspend() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          server.sys().suspend();
          server.sys().suspend();
          for (int i = 0; i < 5; i++) {
            int number = i;
            server.cast(Probe.tell(state -> Step.next(state + " " + number)));
          }
          assertEquals("initial", server.sys().getState());
          server.sys().resume();
          server.sys().resume();
          assertEquals("initial 0 1 2 3 4", server.call(Probe.get()));
        });
  }

  @Test
  @DisplayName("SY7 A suspended server is terminated through terminate, and the calls it held fail")
  void terminateSuspended() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          server.sys().suspend();
          RequestId<?> held = server.send(self, Probe.get());
          self.monitor(Probe.pid(server));
          server.sys().terminate(ExitReason.SHUTDOWN);
          assertEquals(
              new Seen("terminate", ExitReason.SHUTDOWN, "initial"), expect(self, Seen.class));
          assertEquals(ExitReason.SHUTDOWN, expect(self, Down.class).reason());
          Reply.Failure<?> failed = (Reply.Failure<?>) held.receive(SOON).orElseThrow();
          assertEquals(ExitReason.SHUTDOWN, failed.reason());
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("SY9 The log keeps the last events, oldest first")
  void log() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          assertEquals(List.of(), server.sys().getLog());
          server.sys().log(3);
          server.call(Probe.get());
          Probe.Ask last = Probe.get();
          server.call(last);
          List<?> events = server.sys().getLog();
          assertEquals(
              List.of(
                  new SystemEvent(SystemEvent.Kind.OUT, "initial", self.pid()),
                  new SystemEvent(SystemEvent.Kind.IN, last, self.pid()),
                  new SystemEvent(SystemEvent.Kind.OUT, "initial", self.pid())),
              events);
          server.sys().log(1);
          assertEquals(events.subList(2, 3), server.sys().getLog());
          server.sys().log(0);
          assertEquals(List.of(), server.sys().getLog());
        });
  }

  @Test
  @DisplayName("SY11 A system request that a server does not understand is refused")
  void unknownRequest() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          ExitReason reason = failure(() -> server.sys().request("dance"));
          assertEquals(new SystemRequest.Unknown("dance"), customTerm(reason));
          assertEquals("initial", server.call(Probe.get()));
        });
  }
}
