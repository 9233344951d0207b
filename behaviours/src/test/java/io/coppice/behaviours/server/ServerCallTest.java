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

import io.coppice.behaviours.BadReturnValue;
import io.coppice.behaviours.ControlThrow;
import io.coppice.behaviours.From;
import io.coppice.behaviours.RequestId;
import io.coppice.behaviours.server.Probe.Message;
import io.coppice.behaviours.server.Probe.Seen;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Request;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ServerCallTest {
  private static final Duration MOMENT = Duration.ofMillis(50);

  private static ExitReason failure(ServerRef<Message> server, Probe.Ask request) {
    return assertThrows(CallFailed.class, () -> server.call(request)).reason();
  }

  @Test
  @DisplayName(
      "GSRV-014 handleCall may reply, reply later, stop, and ask for a timeout or a continue")
  void allReturnsOfHandleCall() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          assertEquals("a", server.call(Probe.ask((from, state) -> Result.reply("a", "one"))));
          assertEquals("one", server.sys().getState());

          Probe.Ask later =
              Probe.ask(
                  (from, state) ->
                      Result.noReply(state, Action.timeout(MOMENT, Probe.replying(from, "late"))));
          assertEquals("late", server.call(later));

          server.call(Probe.ask((from, state) -> Result.reply("b", state, Action.timeout(MOMENT))));
          assertEquals(new Seen("info", new Idle(), "one"), expect(self, Seen.class));

          Probe.Ask go =
              Probe.ask((from, state) -> Result.reply("c", state, Action.continueWith("go")));
          assertEquals("c", server.call(go));
          assertEquals(new Seen("continue", "go", "one"), expect(self, Seen.class));

          Probe.Ask bye =
              Probe.ask((from, state) -> Result.stopAndReply(ExitReason.SHUTDOWN, "bye", "last"));
          assertEquals("bye", server.call(bye));
          assertEquals(
              new Seen("terminate", ExitReason.SHUTDOWN, "last"), expect(self, Seen.class));
        });
  }

  @Test
  @DisplayName("GSRV-015 a call that waits for less than the server needs fails with timeout")
  void callTimesOut() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self, ServerOptions.named("slow"));
          Probe.Ask slow = Probe.ask((from, state) -> Result.noReply(state));
          CallFailed failed =
              assertThrows(CallFailed.class, () -> server.call(slow, Duration.ofMillis(1)));
          assertEquals(ExitReason.TIMEOUT, failed.reason());
          assertTrue(failed.call().contains("slow"), failed::call);
          assertEquals("initial", server.call(Probe.get()));
        });
  }

  @Test
  @DisplayName("GSRV-016 handleCall that returns nothing ends the server and the call")
  void badReturn() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          ExitReason reason = failure(server, Probe.ask((from, state) -> null));
          assertEquals(
              ExitReason.of(new BadReturnValue(Probe.class.getName() + ".handleCall", null)),
              reason);
          assertEquals(new Seen("terminate", reason, "initial"), expect(self, Seen.class));
        });
  }

  @Test
  @DisplayName("GSRV-017 a call within the idle timeout cancels it, and silence lets it come")
  void idleTimeout() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          Probe.Ask request =
              Probe.ask(
                  (from, state) ->
                      Result.reply("ok", state, Action.timeout(Duration.ofMillis(200))));
          server.call(request);
          self.sleep(MOMENT);
          assertEquals("initial", server.call(Probe.get()));
          assertTrue(self.receive(Duration.ofMillis(300)).isEmpty());

          server.call(request);
          assertEquals(new Seen("info", new Idle(), "initial"), expect(self, Seen.class));
        });
  }

  @Test
  @DisplayName("GSRV-034 a server that calls itself fails with calling_self")
  void callingSelf() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          ExitReason reason =
              failure(
                  server,
                  Probe.ask((from, state) -> Result.reply(server.call(Probe.get()), state)));
          ExitReason cause = assertInstanceOf(ExitReason.CallFailure.class, reason).cause();
          assertEquals(ExitReason.CALLING_SELF, cause);
        });
  }

  @Test
  @DisplayName("GSRV-050 a call to a server without handleCall ends it, and the caller sees why")
  void missingHandleCall() throws Exception {
    inProcess(
        self -> {
          GenServer<Message, Object> bare = in -> Init.state("bare");
          ServerRef<Message> server = GenServer.start(self, () -> bare).orThrow();
          ExitReason reason = failure(server, Probe.get());
          Throwable error = assertInstanceOf(ExitReason.Crashed.class, reason).error();
          assertInstanceOf(UnsupportedOperationException.class, error);
          assertFalse(self.isAlive(Probe.pid(server)));
        });
  }

  @Test
  @DisplayName("GSRV-057 a reply through a typed From that was kept with other data arrives")
  void replyThroughAFrom() throws Exception {
    record Kept(String why, From<Object> from) {}
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          Probe.Ask keep =
              new Probe.Ask(
                  (from, state) -> Result.noReply(new Kept("for later", new From<>(from))));
          RequestId<?> id = server.send(self, keep);
          server.cast(
              Probe.tell(
                  state -> {
                    ((Kept) state).from().reply("kept");
                    return Step.next("done");
                  }));
          assertEquals("kept", id.receive(SOON).orElseThrow().orThrow());
        });
  }

  @Test
  @DisplayName(
      "GSRV-059 a call that makes the server stop normally without a reply fails with normal")
  void stopWithoutReply() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          ExitReason reason =
              failure(server, Probe.ask((from, state) -> Result.stop(ExitReason.NORMAL, state)));
          assertEquals(ExitReason.NORMAL, reason);
        });
  }

  @Test
  @DisplayName("GSRV-064 a result that handleCall throws counts as returned")
  void thrownResult() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          Probe.Ask thrower =
              Probe.ask(
                  (from, state) -> {
                    throw new ControlThrow(Result.reply("x", "thrown"));
                  });
          assertEquals("x", server.call(thrower));
          assertEquals("thrown", server.call(Probe.get()));

          Probe.Ask wrong =
              Probe.ask(
                  (from, state) -> {
                    throw new ControlThrow("no result");
                  });
          assertTrue(failure(server, wrong).toString().startsWith("{bad_return_value, no result}"));
        });
  }

  @Test
  @DisplayName("GSRV-067 a reply that comes after the caller's timeout is nowhere to be seen")
  void lateReply() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          Probe.Ask slow = Probe.ask((from, state) -> Result.noReply(from));
          assertThrows(CallFailed.class, () -> server.call(slow, Duration.ZERO));
          Probe.Ask late =
              Probe.ask((from, state) -> Result.reply(((Request) state).reply("late"), state));
          assertEquals(false, server.call(late));
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("GSRV-069 a worker replies for the server, which is free meanwhile")
  void workerReplies() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          Pid worker = self.spawn(in -> ((Request) in.receive()).reply("by the worker"));
          RequestId<?> id = server.send(self, Probe.ask((from, state) -> Result.noReply(from)));
          Request handed = (Request) server.call(Probe.get());
          assertTrue(id.await(Duration.ZERO).isEmpty());
          self.send(worker, handed);
          assertEquals("by the worker", id.receive(SOON).orElseThrow().orThrow());
        });
  }

  @Test
  @DisplayName(
      "GSRV-075 calls to itself, to unknown names and to dead processes say which call it was")
  void failuresNameTheCall() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> unknown = ServerRef.named(self, "nobody");
          CallFailed failed = assertThrows(CallFailed.class, () -> unknown.call(Probe.get()));
          assertEquals(ExitReason.NO_PROCESS, failed.reason());
          assertTrue(failed.call().contains("nobody"), failed::call);
          assertTrue(failed.call().contains("PT5S"), failed::call);

          Pid dead = self.spawn(in -> {});
          self.monitor(dead);
          expect(self, Down.class);
          assertEquals(ExitReason.NO_PROCESS, failure(ServerRef.of(self, dead), Probe.get()));
          assertEquals(
              ExitReason.CALLING_SELF, failure(ServerRef.of(self, self.pid()), Probe.get()));
        });
  }

  @Test
  @DisplayName("GSRV-078 whereis knows pids, names, and what another registry knows")
  void whereis() throws Exception {
    inProcess(
        self -> {
          Pid pid = Probe.pid(Probe.start(self, ServerOptions.named("known")));
          assertEquals(Optional.of(pid), ServerRef.of(self, pid).whereis());
          assertEquals(Optional.of(pid), ServerRef.named(self, "known").whereis());
          assertEquals(Optional.empty(), ServerRef.named(self, "unknown").whereis());
          assertEquals(
              Optional.of(pid), ServerRef.via(self, "mine", () -> Optional.of(pid)).whereis());
        });
  }

  @Test
  @DisplayName("GSRV-081 a server whose client is killed during a call goes on")
  void clientDies() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          Pid client =
              self.spawn(in -> server.call(Probe.ask((from, state) -> Result.noReply(from))));
          Request from = waitFor(self, server);
          self.exit(client, ExitReason.KILL);
          assertFalse(self.isAlive(client));
          server.cast(
              Probe.tell(
                  state -> {
                    from.reply("into the void");
                    return Step.next("went on");
                  }));
          assertEquals("went on", server.call(Probe.get()));
        });
  }

  private static Request waitFor(Context self, ServerRef<Message> server) {
    while (true) {
      if (server.call(Probe.get()) instanceof Request from) {
        return from;
      }
      self.sleep(Duration.ofMillis(1));
    }
  }

  @Test
  @DisplayName("GSRV-083 after a crash terminate sees the state from before and the error")
  void terminateAfterACrash() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          IllegalStateException error = new IllegalStateException("crash");
          ExitReason reason =
              failure(
                  server,
                  Probe.ask(
                      (from, state) -> {
                        Object changed = state + " changed";
                        assertEquals("initial changed", changed);
                        throw error;
                      }));
          assertEquals(ExitReason.crashed(error), reason);
          assertEquals(
              new Seen("terminate", ExitReason.crashed(error), "initial"),
              expect(self, Seen.class));
        });
  }

  @Test
  @DisplayName(
      "GSRV-084 handleInfo replies to a call that was left open, and others are served before")
  void replyFromHandleInfo() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          RequestId<?> open = server.send(self, Probe.ask((from, state) -> Result.noReply(from)));
          Request from = (Request) server.call(Probe.get());
          self.send(Probe.pid(server), Probe.replying(from, "late"));
          assertEquals("late", open.receive(SOON).orElseThrow().orThrow());
        });
  }

  @Test
  @DisplayName("G22 A negative timeout is refused before anything is sent")
  void negativeTimeout() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          Probe.Ask stop = Probe.ask((from, state) -> Result.stop(ExitReason.NORMAL, state));
          assertThrows(
              IllegalArgumentException.class, () -> server.call(stop, Duration.ofMillis(-1)));
          assertEquals("initial", server.call(Probe.get()));
        });
  }
}
