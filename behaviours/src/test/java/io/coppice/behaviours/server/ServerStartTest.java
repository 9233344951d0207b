package io.coppice.behaviours.server;

import static io.coppice.behaviours.server.TestBed.expect;
import static io.coppice.behaviours.server.TestBed.expectNothing;
import static io.coppice.behaviours.server.TestBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.server.ServerStart.AlreadyStarted;
import io.coppice.behaviours.server.ServerStart.Failed;
import io.coppice.behaviours.server.ServerStart.Ignored;
import io.coppice.behaviours.server.ServerStart.Started;
import io.coppice.kernel.Node;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.CrashReport;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.SpawnOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ServerStartTest {
  private interface InitBody {
    Init<Object> init(Context self) throws Exception;
  }

  private static Supplier<Probe> initialising(Context watcher, InitBody body) {
    return () ->
        new Probe(watcher) {
          @Override
          public Init<Object> init(Context self) throws Exception {
            super.init(self);
            return body.init(self);
          }
        };
  }

  private static ServerStart<Probe.Message> start(
      Context self, InitBody body, ServerOptions options) {
    return GenServer.start(self, initialising(self, body), options);
  }

  private static ExitReason failure(ServerStart<?> start) {
    return assertInstanceOf(Failed.class, start).reason();
  }

  @Test
  @DisplayName("GSRV-001 a server answers calls until it is stopped, and then there is no process")
  void answersUntilStopped() throws Exception {
    inProcess(
        self -> {
          ServerRef<Probe.Message> server = Probe.start(self);
          assertEquals("initial", server.call(Probe.get()));
          server.stop();
          CallFailed gone = assertThrows(CallFailed.class, () -> server.call(Probe.get()));
          assertEquals(ExitReason.NO_PROCESS, gone.reason());
        });
  }

  @Test
  @DisplayName("GSRV-002 a server whose init takes too long is killed and leaves nothing behind")
  void slowInitIsKilled() throws Exception {
    inProcess(
        self -> {
          Pid[] started = new Pid[1];
          ServerStart<Probe.Message> start =
              GenServer.startLink(
                  self,
                  initialising(
                      self,
                      in -> {
                        started[0] = in.pid();
                        in.sleep(Duration.ofMinutes(1));
                        return Init.state("late");
                      }),
                  ServerOptions.named("slow").initTimeout(Duration.ofMillis(100)));
          assertEquals(ExitReason.TIMEOUT, failure(start));
          assertFalse(self.isAlive(started[0]));
          assertTrue(self.whereis("slow").isEmpty());
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("GSRV-003 an init that ignores or stops is told to the starter as such")
  void ignoreAndStop() throws Exception {
    inProcess(
        self -> {
          assertInstanceOf(Ignored.class, start(self, in -> Init.ignore(), ServerOptions.DEFAULT));
          ExitReason stopped = ExitReason.of("stopped");
          assertEquals(
              stopped, failure(start(self, in -> Init.stop(stopped), ServerOptions.DEFAULT)));
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("GSRV-004 the starter that linked itself with a server sees it stop")
  void linkedStarterSeesTheExit() throws Exception {
    inProcess(
        self -> {
          ServerRef<Probe.Message> server =
              GenServer.startLink(self, () -> new Probe(self), ServerOptions.DEFAULT).orThrow();
          ExitReason stopped = ExitReason.of("stopped");
          server.cast(Probe.tell(state -> Step.stop(stopped, state)));
          assertEquals(new Exit(Probe.pid(server), stopped), expect(self, Exit.class));
        });
  }

  @Test
  @DisplayName("GSRV-005 startMonitor gives a monitor, whose Down comes when the server ends")
  void monitoredStart() throws Exception {
    inProcess(
        self -> {
          Started<Probe.Message> start =
              (Started<Probe.Message>)
                  GenServer.startMonitor(self, () -> new Probe(self), ServerOptions.DEFAULT);
          assertNotNull(start.monitor());
          start.server().stop();
          Down down = expect(self, Down.class);
          assertEquals(new Down(start.monitor(), start.pid(), ExitReason.NORMAL), down);

          ServerStart<Probe.Message> failed =
              GenServer.startMonitor(
                  self,
                  initialising(self, in -> Init.stop(ExitReason.of("no"))),
                  ServerOptions.DEFAULT);
          assertEquals(ExitReason.of("no"), failure(failed));
          assertTrue(self.receive(Down.class::isInstance, Duration.ZERO).isEmpty());
        });
  }

  @Test
  @DisplayName("GSRV-006 a name that is taken is told with its holder, and nothing is started")
  void nameTaken() throws Exception {
    inProcess(
        self -> {
          ServerRef<Probe.Message> first = Probe.start(self, ServerOptions.named("taken"));
          boolean[] started = new boolean[1];
          ServerStart<Probe.Message> second =
              GenServer.startLink(
                  self,
                  () -> {
                    started[0] = true;
                    return new Probe(self);
                  },
                  ServerOptions.named("taken"));
          assertEquals(new AlreadyStarted<>(Probe.pid(first)), second);
          assertFalse(started[0]);
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("GSRV-030 what init wants to continue with runs before the first call")
  void continueRunsBeforeTheFirstCall() throws Exception {
    inProcess(
        self -> {
          Probe.Told step =
              state ->
                  Step.next(
                      state + " one",
                      Action.continueWith(Probe.tell(last -> Step.next(last + " two"))));
          ServerStart<Probe.Message> start =
              start(
                  self,
                  in -> Init.state("continued", Action.continueWith(Probe.tell(step))),
                  ServerOptions.DEFAULT);
          assertEquals("continued one two", start.orThrow().sys().getState());
        });
  }

  @Test
  @DisplayName("GSRV-035 a running process becomes a server, under its own name or without one")
  void enterLoop() throws Exception {
    inProcess(
        self -> {
          Pid anonymous = self.spawnLink(in -> enter(in, self, ServerOptions.DEFAULT));
          ServerRef<Probe.Message> server = ServerRef.of(self, anonymous);
          assertEquals("entered continued", server.call(Probe.get()));

          Pid named =
              self.spawn(
                  in -> enter(in, self, ServerOptions.named("own")),
                  SpawnOptions.DEFAULT.name("own"));
          assertEquals(
              "entered continued", ServerRef.<Probe.Message>named(self, "own").call(Probe.get()));
          assertEquals(Optional.of(named), self.whereis("own"));

          self.spawnMonitor(in -> enter(in, self, ServerOptions.named("absent")));
          ExitReason reason = expect(self, Down.class).reason();
          assertTrue(reason.toString().startsWith("process_not_registered"), reason::toString);
        });
  }

  private static void enter(Context in, Context watcher, ServerOptions options) {
    Probe.Told step = state -> Step.next(state + " continued");
    GenServer.enterLoop(
        in, new Probe(watcher), "entered", options, Action.continueWith(Probe.tell(step)));
  }

  @Test
  @DisplayName(
      "GSRV-037 the exit of a registered parent runs terminate of a server that traps exits")
  void exitOfARegisteredParent() throws Exception {
    inProcess(
        self -> {
          Pid parent =
              self.spawn(
                  in -> {
                    in.spawnLink(
                        child -> {
                          child.trapExit(true);
                          Probe probe = new Probe(self);
                          probe.init(child);
                          GenServer.enterLoop(child, probe, "entered", ServerOptions.DEFAULT, null);
                          child.send(self.pid(), "ready");
                        });
                    in.receive();
                    throw in.exit(ExitReason.of("parent is gone"));
                  },
                  SpawnOptions.DEFAULT.name("parent"));
          assertEquals("ready", expect(self, String.class));
          self.send(parent, "end");
          assertEquals(
              new Probe.Seen("terminate", ExitReason.of("parent is gone"), "entered"),
              expect(self, Probe.Seen.class));
        });
  }

  @Test
  @DisplayName("GSRV-040 a name is free each time a start that failed has returned")
  void nameIsFreeAfterAFailedStart() throws Exception {
    inProcess(
        self -> {
          ServerOptions options = ServerOptions.named("again");
          for (int i = 0; i < 100; i++) {
            boolean ignore = i % 2 == 0;
            ServerStart<Probe.Message> start =
                GenServer.startLink(
                    self,
                    initialising(
                        self, in -> ignore ? Init.ignore() : Init.stop(ExitReason.SHUTDOWN)),
                    options);
            assertEquals(ignore, start instanceof Ignored);
            assertTrue(self.whereis("again").isEmpty());
          }
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("GSRV-055 an init that is missing at run time fails the start with that error")
  void missingInit() throws Exception {
    inProcess(
        self -> {
          AbstractMethodError missing = new AbstractMethodError("init");
          ServerStart<Probe.Message> start =
              GenServer.startLink(
                  self,
                  initialising(
                      self,
                      in -> {
                        throw missing;
                      }),
                  ServerOptions.DEFAULT);
          assertEquals(ExitReason.crashed(missing), failure(start));
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("GSRV-070 an init that returns an error fails the start without any report or exit")
  void initError() throws Exception {
    inProcess(
        self -> {
          ServerStart<Probe.Message> start =
              GenServer.startLink(
                  self,
                  initialising(
                      self,
                      in -> {
                        in.spawnLink(
                            peer -> {
                              peer.trapExit(true);
                              peer.send(in.pid(), "ready");
                              peer.send(self.pid(), peer.receive());
                            });
                        in.receive("ready"::equals);
                        return Init.error(ExitReason.of("not today"));
                      }),
                  ServerOptions.DEFAULT);
          assertEquals(ExitReason.of("not today"), failure(start));
          assertEquals(ExitReason.NORMAL, expect(self, Exit.class).reason());
          expectNothing(self);
        },
        node -> assertEquals(0, node.reports(CrashReport.class).size()));
  }

  @Test
  @DisplayName("G6 An init that stops abnormally leaves a crash report, and a clean one does not")
  void crashReportOfInit() {
    inProcess(
        self -> {
          start(self, in -> Init.stop(ExitReason.of("broken")), ServerOptions.named("broken"));
          start(self, in -> Init.stop(ExitReason.SHUTDOWN), ServerOptions.DEFAULT);
        },
        node -> {
          CrashReport report = node.reports(CrashReport.class).getFirst();
          assertEquals(1, node.reports(CrashReport.class).size());
          assertEquals(ExitReason.of("broken"), report.reason());
          assertEquals("broken", report.name());
          assertTrue(report.initialCall().contains("ServerStartTest"), report::initialCall);
        });
  }

  @Test
  @DisplayName("GSRV-076 a server started with no name is not registered")
  void noName() throws Exception {
    inProcess(
        self -> {
          ServerRef<Probe.Message> server = Probe.start(self, ServerOptions.named(null));
          assertNull(server.sys().getStatus().name());
          assertEquals("initial", server.call(Probe.get()));
          assertTrue(self.registered().isEmpty());
        });
  }

  @Test
  @DisplayName("GSRV-086 the server has its name already while init runs")
  void nameInInit() throws Exception {
    inProcess(
        self -> {
          ServerStart<Probe.Message> start =
              start(
                  self,
                  in -> Init.state(in.whereis("early").equals(Optional.of(in.pid()))),
                  ServerOptions.named("early"));
          assertEquals(true, start.orThrow().call(Probe.get()));
        });
  }

  @Test
  @DisplayName("A server may have a thread of its own")
  void dedicatedThread() {
    try (Node node = Node.start()) {
      ServerOptions own = ServerOptions.DEFAULT.spawn(SpawnOptions.DEFAULT.dedicatedThread());
      ServerRef<Counter.Message> counter = GenServer.start(node, Counter::new, own).orThrow();
      assertEquals(2, counter.call(new Counter.Add(2)));
      counter.stop();
    }
  }

  @Test
  @DisplayName("A start can be asked for from a thread that is no process")
  void startFromOutside() {
    try (Node node = Node.start()) {
      ServerRef<Counter.Message> counter = GenServer.start(node, Counter::new).orThrow();
      counter.cast(new Counter.Reset(40));
      assertEquals(42, counter.call(new Counter.Add(2)));
    }
  }
}
