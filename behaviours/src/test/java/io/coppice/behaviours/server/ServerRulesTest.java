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
import io.coppice.behaviours.RequestIds;
import io.coppice.behaviours.RequestIds.Arrived;
import io.coppice.behaviours.RequestIds.NoRequest;
import io.coppice.behaviours.server.Probe.Message;
import io.coppice.behaviours.server.Probe.Seen;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.GlobalNames;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.ViaName;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rules of servers and their clients that are no case of their own elsewhere. */
class ServerRulesTest {
  private static final Duration SHORT = Duration.ofMillis(60);

  @Test
  @DisplayName("G10 Names, links and monitors are no business of the spawn options of a server")
  void spawnOptions() {
    for (SpawnOptions wrong :
        new SpawnOptions[] {
          SpawnOptions.DEFAULT.name("n"),
          SpawnOptions.DEFAULT.link(),
          SpawnOptions.DEFAULT.monitor()
        }) {
      assertThrows(
          IllegalArgumentException.class,
          () -> ServerOptions.DEFAULT.spawn(wrong),
          wrong::toString);
    }
  }

  @Test
  @DisplayName("G11 a process becomes a server under a name of another registry only if it has it")
  void enterLoopVia() throws Exception {
    inProcess(
        self -> {
          GlobalNames names = GlobalNames.start(self);
          SpawnOptions registered = SpawnOptions.DEFAULT.via(names, "mine");
          ServerOptions options = ServerOptions.DEFAULT.spawn(registered);
          Pid _ = self.spawn(in -> enter(in, self, options), registered);
          ServerRef<Message> server = ServerRef.via(self, new ViaName(names, "mine"));
          assertEquals("entered", server.call(Probe.get()));
          assertEquals("entered", server.sys().getState());

          var _ = self.spawnMonitor(in -> enter(in, self, options));
          String reason = expect(self, Down.class).reason().toString();
          assertTrue(reason.startsWith("process_not_registered_via"), reason);
        });
  }

  private static void enter(Context in, Context watcher, ServerOptions options) {
    GenServer.enterLoop(in, new Probe(watcher), "entered", options, null);
  }

  @Test
  @DisplayName("G25 of two replies the first counts, and no trace is left of the second")
  void twoReplies() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          Object answer =
              server.call(
                  Probe.ask(
                      (from, state) -> {
                        assertTrue(from.reply("first"));
                        assertFalse(from.reply("second"));
                        return Result.reply("third", state);
                      }));
          assertEquals("first", answer);
          assertEquals("initial", server.call(Probe.get()));
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("G26 a reply counts also if the server has died since, which its client sees later")
  void diesAfterTheReply() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          RequestId<?> id =
              server.send(
                  self,
                  Probe.ask(
                      (from, state) -> {
                        boolean _ = from.reply("last words");
                        return Result.stop(ExitReason.of("gone"), state);
                      }));
          Pid pid = Probe.pid(server);
          while (self.isAlive(pid)) {
            self.sleep(SHORT);
          }
          assertEquals("last words", id.receive(SOON).orElseThrow().orThrow());
        });
  }

  @Test
  @DisplayName("G32 a request that is kept with its outcome keeps its label, and is not waited for")
  void keptRequests() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          RequestIds<String> open = new RequestIds<>(self);
          server.send(self, Probe.get(), "one", open);
          server.send(self, Probe.get(), "two", open);
          assertEquals(
              new Arrived<>(new Reply.Answer<>("initial"), "one"), open.receive(SOON, false));
          assertEquals(2, open.size());
          assertEquals(
              new Arrived<>(new Reply.Answer<>("initial"), "two"), open.receive(SOON, true));
          assertEquals(1, open.size());
          assertEquals("one", open.toList().getFirst().label());
          assertEquals(new NoRequest<>(), open.receive(null));
        });
  }

  @Test
  @DisplayName("G34 the outcome of a request is for the process that sent it, and for no other")
  void foreignRequest() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          RequestId<?> id = server.send(self, Probe.get());
          Throwable[] thrown = new Throwable[1];
          Pid other =
              self.spawn(
                  in -> {
                    thrown[0] =
                        assertThrows(
                            IllegalArgumentException.class,
                            () -> new RequestIds<String>(in).add(id, "stolen"));
                    assertThrows(IllegalStateException.class, () -> id.receive(SHORT));
                  });
          while (self.isAlive(other)) {
            self.sleep(SHORT);
          }
          assertInstanceOf(IllegalArgumentException.class, thrown[0]);
          assertEquals("initial", id.receive(SOON).orElseThrow().orThrow());
        });
  }

  @Test
  @DisplayName("G42 a stop with an illegal time is refused, and the server lives on")
  void illegalStop() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          assertThrows(
              IllegalArgumentException.class,
              () -> server.stop(ExitReason.NORMAL, Duration.ofMillis(-1)));
          assertEquals("initial", server.call(Probe.get()));
        });
  }

  @Test
  @DisplayName("G42 a stop fails with the reason of a server that dies of something else meanwhile")
  void stopMeetsADeath() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          Pid slow = self.spawn(in -> answerLate(in));
          server.cast(
              Probe.tell(
                  state -> {
                    Object _ = self.node().call(slow, "wait", null);
                    throw new IllegalStateException("before");
                  }));
          CallFailed failed = assertThrows(CallFailed.class, server::stop);
          assertInstanceOf(ExitReason.Crashed.class, failed.reason());
        });
  }

  private static void answerLate(Context in) {
    Request request = (Request) in.receive();
    in.sleep(SHORT);
    boolean _ = request.reply(null);
  }

  @Test
  @DisplayName("GS4 an error inside handleInfo is a crash, not a message that nobody handles")
  void crashInHandleInfo() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          var _ = self.monitor(Probe.pid(server));
          self.send(
              Probe.pid(server),
              Probe.tell(
                  state -> {
                    throw new UnsupportedOperationException("inside");
                  }));
          assertInstanceOf(ExitReason.Crashed.class, expect(self, Down.class).reason());
        },
        node -> assertEquals(0, node.reports(UnhandledMessage.class).size()));
  }

  @Test
  @DisplayName("GS12 a time-out at a point in time comes then, and at once if that is past")
  void absoluteTimeouts() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          long at = self.monotonicNanos() + SHORT.toNanos();
          server.cast(Probe.tell(state -> Step.next("waiting", Action.hibernateUntil(at, "due"))));
          assertTrue(server.sys().getStatus().hibernating());
          assertEquals(new Seen("info", "due", "waiting"), expect(self, Seen.class));
          assertTrue(self.monotonicNanos() >= at);
          server.cast(Probe.tell(state -> Step.next("past", Action.timeoutAt(at, "late"))));
          server.cast(Probe.tell(state -> Step.next("behind")));
          assertEquals(new Seen("info", "late", "past"), expect(self, Seen.class));
        });
  }

  @Test
  @DisplayName("GS14 a time that is negative is refused where it is given, and ends the server")
  void negativeTimes() throws Exception {
    Duration negative = Duration.ofMillis(-1);
    assertThrows(IllegalArgumentException.class, () -> Action.timeout(negative));
    assertThrows(IllegalArgumentException.class, () -> Action.timeout(negative, "message"));
    assertThrows(IllegalArgumentException.class, () -> Action.hibernate(negative, "message"));
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          CallFailed failed =
              assertThrows(
                  CallFailed.class,
                  () ->
                      server.call(
                          Probe.ask(
                              (from, state) ->
                                  Result.reply("x", state, Action.timeout(negative)))));
          assertInstanceOf(ExitReason.Crashed.class, failed.reason());
        });
  }

  @Test
  @DisplayName("GS8 a server hands a request to a process that fails it, and goes on meanwhile")
  void failedElsewhere() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          RequestId<?> id =
              server.send(
                  self,
                  Probe.ask(
                      (from, state) -> {
                        Pid _ = self.node().spawn(in -> refuse(in, from));
                        return Result.noReply(state);
                      }));
          assertEquals("initial", server.call(Probe.get()));
          Reply<?> reply = id.receive(SOON).orElseThrow();
          assertEquals(
              ExitReason.of("refused"), assertInstanceOf(Reply.Failure.class, reply).reason());
        });
  }

  private static void refuse(Context in, Request from) {
    in.sleep(SHORT);
    boolean _ = from.fail(ExitReason.of("refused"));
  }
}
