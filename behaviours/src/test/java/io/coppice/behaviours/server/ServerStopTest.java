package io.coppice.behaviours.server;

import static io.coppice.behaviours.server.TestBed.SOON;
import static io.coppice.behaviours.server.TestBed.expect;
import static io.coppice.behaviours.server.TestBed.expectNothing;
import static io.coppice.behaviours.server.TestBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.server.Probe.Message;
import io.coppice.behaviours.server.Probe.Seen;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.CrashReport;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ServerStopTest {
  private static ExitReason failure(ServerRef<?> server) {
    return assertThrows(CallFailed.class, server::stop).reason();
  }

  @Test
  @DisplayName("GSRV-007 an anonymous server is stopped once, and the second time there is none")
  void stopAnonymous() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          server.stop();
          assertFalse(self.isAlive(Probe.pid(server)));
          assertEquals(ExitReason.NO_PROCESS, failure(server));
        });
  }

  @Test
  @DisplayName("GSRV-008 a server that is stopped with a reason ends with that reason")
  void stopWithAReason() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          self.monitor(Probe.pid(server));
          server.stop(ExitReason.of("other"), SOON);
          assertEquals(ExitReason.of("other"), expect(self, Down.class).reason());
        });
  }

  @Test
  @DisplayName("GSRV-010 a server is stopped by its name, which is free then")
  void stopByName() throws Exception {
    inProcess(
        self -> {
          Probe.start(self, ServerOptions.named("stopped"));
          ServerRef<Message> server = ServerRef.named(self, "stopped");
          server.stop();
          assertTrue(self.whereis("stopped").isEmpty());
          assertEquals(ExitReason.NO_PROCESS, failure(server));
        });
  }

  @Test
  @DisplayName("GSRV-011 a server is stopped by what another registry calls it")
  void stopVia() throws Exception {
    inProcess(
        self -> {
          AtomicReference<Optional<Pid>> registry = new AtomicReference<>(Optional.empty());
          ServerRef<Message> server = ServerRef.via(self, "mine", registry::get);
          registry.set(Probe.start(self).whereis());
          server.stop();
          assertEquals(ExitReason.NO_PROCESS, failure(server));
          registry.set(Optional.empty());
          assertEquals(ExitReason.NO_PROCESS, failure(server));
        });
  }

  @Test
  @DisplayName("GSRV-053 an error in terminate during a stop is what the stop fails with")
  void crashInTerminate() throws Exception {
    inProcess(
        self -> {
          IllegalStateException error = new IllegalStateException("undefined");
          ServerRef<Message> server =
              GenServer.<Message, Object>start(
                      self,
                      () ->
                          new Probe(self) {
                            @Override
                            public void terminate(ExitReason reason, Object state) {
                              throw error;
                            }
                          })
                  .orThrow();
          assertEquals(ExitReason.crashed(error), failure(server));
        });
  }

  @Test
  @DisplayName("GSRV-056 a server without terminate is stopped like any other")
  void stopWithoutTerminate() throws Exception {
    inProcess(
        self -> {
          GenServer<Message, Object> bare = in -> Init.state("bare");
          ServerRef<Message> server = GenServer.start(self, () -> bare).orThrow();
          self.monitor(Probe.pid(server));
          server.stop();
          assertEquals(ExitReason.NORMAL, expect(self, Down.class).reason());
        });
  }

  @Test
  @DisplayName("GSRV-065 a server that traps exits handles a peer's, and ends with its parent's")
  void parentExit() throws Exception {
    inProcess(
        self -> {
          Pid parent =
              self.spawn(
                  in -> {
                    startTrapping(in, self);
                    in.receive();
                    throw in.exit(ExitReason.of("parent"));
                  });
          Pid server = expect(self, Pid.class);
          Pid peer =
              self.spawn(
                  in -> {
                    in.link(server);
                    throw in.exit(ExitReason.of("peer"));
                  });
          assertEquals(
              new Seen("info", new Exit(peer, ExitReason.of("peer")), "initial"),
              expect(self, Seen.class));
          self.monitor(server);
          self.send(parent, "end");
          assertEquals(
              new Seen("terminate", ExitReason.of("parent"), "initial"), expect(self, Seen.class));
          assertEquals(ExitReason.of("parent"), expect(self, Down.class).reason());
          expectNothing(self);
        });
  }

  private static void startTrapping(Context parent, Context watcher) {
    ServerRef<Message> server =
        GenServer.<Message, Object>startLink(
                parent,
                () ->
                    new Probe(watcher) {
                      @Override
                      public Init<Object> init(Context self) throws Exception {
                        self.trapExit(true);
                        return super.init(self);
                      }
                    },
                ServerOptions.DEFAULT)
            .orThrow();
    parent.send(watcher.pid(), Probe.pid(server));
  }

  @Test
  @DisplayName("GSRV-074 an error called normal is a crash, an exit with normal is not")
  void errorNormal() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          Error error = new Error("normal");
          Probe.Ask crash =
              Probe.ask(
                  (from, state) -> {
                    throw error;
                  });
          CallFailed failed = assertThrows(CallFailed.class, () -> server.call(crash));
          assertEquals(ExitReason.crashed(error), failed.reason());

          ServerRef<Message> quiet = Probe.start(self);
          Probe.Ask exit =
              Probe.ask(
                  (from, state) -> {
                    throw new io.coppice.kernel.process.ProcessExit(ExitReason.NORMAL);
                  });
          CallFailed ended = assertThrows(CallFailed.class, () -> quiet.call(exit));
          assertEquals(ExitReason.NORMAL, ended.reason());
        },
        node -> {
          assertEquals(1, node.reports(ServerTerminated.class).size());
          assertEquals(1, node.reports(CrashReport.class).size());
        });
  }

  @Test
  @DisplayName("GSRV-085 a stop runs terminate of a server that does not trap exits")
  void stopRunsTerminate() throws Exception {
    inProcess(
        self -> {
          Probe.start(self).stop(ExitReason.SHUTDOWN, SOON);
          assertEquals(
              new Seen("terminate", ExitReason.SHUTDOWN, "initial"), expect(self, Seen.class));
        });
  }

  @Test
  @DisplayName("GS21 An exit signal kills a server that does not trap exits without terminate")
  void killedWithoutTerminate() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          self.monitor(Probe.pid(server));
          self.exit(Probe.pid(server), ExitReason.SHUTDOWN);
          assertEquals(ExitReason.SHUTDOWN, expect(self, Down.class).reason());
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("GS6 A reply given with a stop is sent after terminate, also if that throws")
  void replyAfterTerminate() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server =
              GenServer.<Message, Object>start(
                      self,
                      () ->
                          new Probe(self) {
                            private @Nullable Context own;

                            @Override
                            public Init<Object> init(Context self) throws Exception {
                              own = self;
                              return super.init(self);
                            }

                            @Override
                            public void terminate(ExitReason reason, Object state)
                                throws Exception {
                              Objects.requireNonNull(own).sleep(Duration.ofMillis(20));
                              super.terminate(reason, state);
                              throw new IllegalStateException("in terminate");
                            }
                          })
                  .orThrow();
          Object answer =
              server.call(
                  Probe.ask((from, state) -> Result.stopAndReply(ExitReason.NORMAL, "bye", state)));
          assertEquals("bye", answer);
          assertTrue(self.receive(Seen.class::isInstance, Duration.ZERO).isPresent());
        });
  }

  @Test
  @DisplayName("G42 A stop that is not obeyed in time fails with timeout, and is obeyed later")
  void stopTimesOut() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          self.monitor(Probe.pid(server));
          CallFailed failed =
              assertThrows(CallFailed.class, () -> server.stop(ExitReason.NORMAL, Duration.ZERO));
          assertEquals(ExitReason.TIMEOUT, failed.reason());
          assertEquals(ExitReason.NORMAL, expect(self, Down.class).reason());
        });
  }
}
