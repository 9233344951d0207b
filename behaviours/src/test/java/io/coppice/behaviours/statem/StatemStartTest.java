package io.coppice.behaviours.statem;

import static io.coppice.behaviours.server.TestBed.SOON;
import static io.coppice.behaviours.server.TestBed.expect;
import static io.coppice.behaviours.server.TestBed.expectNothing;
import static io.coppice.behaviours.server.TestBed.inProcess;
import static io.coppice.behaviours.statem.Probe.go;
import static io.coppice.behaviours.statem.Probe.internal;
import static io.coppice.behaviours.statem.Probe.newTrace;
import static io.coppice.behaviours.statem.Probe.plain;
import static io.coppice.behaviours.statem.Probe.seen;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.statem.Probe.Message;
import io.coppice.behaviours.statem.StatemStart.AlreadyStarted;
import io.coppice.behaviours.statem.StatemStart.Failed;
import io.coppice.behaviours.statem.StatemStart.Ignored;
import io.coppice.behaviours.statem.StatemStart.Started;
import io.coppice.kernel.Node;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.CrashReport;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.GlobalNames;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.ViaName;
import io.coppice.kernel.testkit.TestNode;
import io.coppice.supervisor.ChildSpec;
import io.coppice.supervisor.Supervisor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The ways to start a machine, and what may come of it (semantics 3.1, SM4). */
class StatemStartTest {
  private interface InitBody {
    Init<String, Object> init(Context self) throws Exception;
  }

  private static Supplier<Probe> initialising(InitBody body) {
    return () ->
        new Probe(newTrace()) {
          @Override
          public Init<String, Object> init(Context self) throws Exception {
            return body.init(self);
          }
        };
  }

  private static StatemStart<Message> start(Context self, InitBody body, StatemOptions options) {
    return GenStatem.start(self, initialising(body), options);
  }

  private static ExitReason failure(StatemStart<?> start) {
    return assertInstanceOf(Failed.class, start).reason();
  }

  @Test
  @DisplayName("STM-001 a machine answers until it is stopped, and then there is no process")
  void answersUntilStopped() throws Exception {
    inProcess(
        self -> {
          StatemRef<Message> machine = Probe.start(self, newTrace());
          assertEquals("a", machine.call(plain("get")));
          machine.stop();
          CallFailed gone = assertThrows(CallFailed.class, () -> machine.call(plain("get")));
          assertEquals(ExitReason.NO_PROCESS, gone.reason());
        });
  }

  @Test
  @DisplayName("STM-001 a machine is linked or monitored from its start on, if that was asked for")
  void linkedAndMonitored() throws Exception {
    inProcess(
        self -> {
          StatemRef<Message> linked =
              GenStatem.<Message, String, Object>startLink(
                      self, () -> new Probe(newTrace()), StatemOptions.DEFAULT)
                  .orThrow();
          linked.stop(ExitReason.of("stopped"), SOON);
          assertEquals(
              new Exit(Probe.pid(linked), ExitReason.of("stopped")), expect(self, Exit.class));

          Started<Message> monitored =
              (Started<Message>)
                  GenStatem.<Message, String, Object>startMonitor(
                      self, () -> new Probe(newTrace()), StatemOptions.DEFAULT);
          assertNotNull(monitored.monitor());
          monitored.machine().stop();
          assertEquals(
              new Down(monitored.monitor(), monitored.pid(), ExitReason.NORMAL),
              expect(self, Down.class));
          assertEquals(
              ExitReason.of("no"),
              failure(
                  GenStatem.startMonitor(
                      self,
                      initialising(in -> Init.stop(ExitReason.of("no"))),
                      StatemOptions.DEFAULT)));
          expectNothing(self);
        });
  }

  @Test
  @DisplayName(
      "STM-001 a machine has its name while init runs; a name that is taken starts nothing")
  void localNames() throws Exception {
    inProcess(
        self -> {
          StatemStart<Message> start =
              start(
                  self,
                  in -> Init.state("a", in.whereis("named").equals(Optional.of(in.pid()))),
                  StatemOptions.named("named"));
          StateAndData<?, ?> state = (StateAndData<?, ?>) start.orThrow().sys().getState();
          assertEquals(true, state == null ? null : state.data());
          boolean[] run = new boolean[1];
          StatemStart<Message> second =
              GenStatem.startLink(
                  self,
                  initialising(
                      in -> {
                        run[0] = true;
                        return Init.ignore();
                      }),
                  StatemOptions.named("named"));
          assertEquals(new AlreadyStarted<>(Probe.pid(start.orThrow())), second);
          assertFalse(run[0]);
          assertEquals("a", StatemRef.<Message>named(self, "named").call(plain("get")));
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("STM-001 a machine starts, is found and stops under a name in another registry")
  void globalNames() throws Exception {
    inProcess(
        self -> {
          GlobalNames names = GlobalNames.start(self);
          Object key = List.of("machine", 1);
          StatemOptions options = StatemOptions.DEFAULT.spawn(SpawnOptions.DEFAULT.via(names, key));
          StatemRef<Message> found = StatemRef.via(self, new ViaName(names, key));
          StatemRef<Message> first =
              GenStatem.<Message, String, Object>start(self, () -> new Probe(newTrace()), options)
                  .orThrow();
          assertEquals(first.whereis(), found.whereis());
          assertEquals(
              new AlreadyStarted<>(Probe.pid(first)),
              GenStatem.start(self, initialising(in -> Init.ignore()), options));
          found.stop();
          assertEquals(Optional.empty(), found.whereis());
        });
  }

  @Test
  @DisplayName("STM-001 a machine whose init takes too long is killed and leaves nothing behind")
  void slowInit() throws Exception {
    inProcess(
        self -> {
          StatemStart<Message> start =
              GenStatem.startLink(
                  self,
                  initialising(
                      in -> {
                        in.sleep(Duration.ofMinutes(1));
                        return Init.state("late", "data");
                      }),
                  StatemOptions.named("slow").initTimeout(Duration.ofMillis(100)));
          assertEquals(ExitReason.TIMEOUT, failure(start));
          assertTrue(self.whereis("slow").isEmpty());
          expectNothing(self);
        });
  }

  @Test
  @DisplayName(
      "STM-002 an init that ignores, stops or returns an error is told as such, the name is free")
  void ignoreAndStop() throws Exception {
    ExitReason stopped = ExitReason.of("stopped");
    inProcess(
        self -> {
          StatemOptions again = StatemOptions.named("again");
          for (int i = 0; i < 3; i++) {
            assertInstanceOf(Ignored.class, start(self, in -> Init.ignore(), again));
            assertEquals(stopped, failure(start(self, in -> Init.stop(stopped), again)));
            assertEquals(stopped, failure(start(self, in -> Init.error(stopped), again)));
            assertTrue(self.whereis("again").isEmpty());
          }
          expectNothing(self);
        },
        node -> {
          assertEquals(3, node.reports(CrashReport.class).size(), "of Init.stop only");
          String call = node.reports(CrashReport.class).getFirst().initialCall();
          assertTrue(call.contains("StatemStartTest"), call);
          assertEquals(0, node.reports(StatemTerminated.class).size());
        });
  }

  @Test
  @DisplayName(
      "STM-025 a running process becomes a machine, with actions and an enter call, under its own"
          + " name or none")
  void enterLoop() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          trace.clear();
          Pid anonymous = self.spawnLink(in -> enter(in, trace, StatemOptions.DEFAULT));
          StatemRef<Message> machine = StatemRef.of(self, anonymous);
          assertEquals("entered", machine.call(plain("get")));
          assertEquals(
              List.of("enter entered entered", "internal first", "call get"), seen(machine, trace));
          assertEquals(self.pid(), machine.sys().getStatus().parent());

          Pid named =
              self.spawn(
                  in -> enter(in, trace, StatemOptions.named("own")),
                  SpawnOptions.DEFAULT.name("own"));
          assertEquals("entered", StatemRef.<Message>named(self, "own").call(plain("get")));
          assertEquals(Optional.of(named), self.whereis("own"));

          self.spawnMonitor(in -> enter(in, trace, StatemOptions.named("absent")));
          ExitReason reason = expect(self, Down.class).reason();
          assertTrue(reason.toString().startsWith("process_not_registered"), reason::toString);

          GlobalNames names = GlobalNames.start(self);
          StatemOptions via = StatemOptions.DEFAULT.spawn(SpawnOptions.DEFAULT.via(names, "far"));
          self.spawnMonitor(in -> enter(in, trace, via));
          reason = expect(self, Down.class).reason();
          assertTrue(reason.toString().startsWith("process_not_registered_via"), reason::toString);
          self.spawn(in -> enter(in, trace, via), SpawnOptions.DEFAULT.via(names, "far"));
          StatemRef<Message> far = StatemRef.via(self, new ViaName(names, "far"));
          assertEquals("entered", far.call(plain("get")));
        });
  }

  private static void enter(Context in, List<String> trace, StatemOptions options) {
    GenStatem.enterLoop(
        in,
        new Probe(trace).mode(CallbackMode.HANDLE_EVENT.withStateEnter()),
        new StateAndData<>("entered", "data"),
        options,
        internal("first"));
  }

  @Test
  @DisplayName("STM-025 the exit of the parent of such a process ends it through terminate")
  void exitOfTheParent() throws Exception {
    List<String> trace = newTrace();
    inProcess(
        self -> {
          trace.clear();
          Pid[] child = new Pid[1];
          Pid parent =
              self.spawn(
                  in -> {
                    child[0] =
                        in.spawnLink(
                            own -> {
                              own.trapExit(true);
                              enter(own, trace, StatemOptions.DEFAULT);
                              own.send(self.pid(), "ready");
                            });
                    in.receive();
                    throw in.exit(ExitReason.of("parent is gone"));
                  });
          expect(self, String.class);
          self.monitor(child[0]);
          self.send(parent, "end");
          assertEquals(ExitReason.of("parent is gone"), expect(self, Down.class).reason());
          assertEquals("terminate parent is gone entered data", trace.getLast());
        });
  }

  @Test
  @DisplayName("G7 An init that fails kills a linked starter that does not trap exits")
  void failingInitKillsTheStarter() throws Exception {
    inProcess(
        self -> {
          ExitReason no = ExitReason.of("no");
          self.spawnMonitor(
              in -> {
                GenStatem.startLink(in, initialising(own -> Init.stop(no)), StatemOptions.DEFAULT);
                in.send(self.pid(), "survived");
              });
          assertEquals(no, expect(self, Down.class).reason());
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("G10 Spawn options that name, link or monitor are refused")
  void spawnOptions() {
    assertThrows(
        IllegalArgumentException.class,
        () -> StatemOptions.DEFAULT.spawn(SpawnOptions.DEFAULT.link()));
  }

  @Test
  @DisplayName("A supervisor restarts a machine that crashed, in its first state")
  void supervised() {
    for (ChildSpec spec :
        List.of(
            ChildSpec.of("machine", () -> new Probe(newTrace())),
            GenStatem.<Message, String, Object>child(
                "machine", () -> new Probe(newTrace()), StatemOptions.named("machine")))) {
      try (TestNode node = TestNode.start(1)) {
        Supervisor.oneForOne().child(spec).start(node);
        node.run(
            self -> {
              StatemRef<Message> machine = StatemRef.named(self, "machine");
              machine.cast(go("b"));
              assertEquals("b", machine.call(plain("get")));
              Pid old = Probe.pid(machine);
              self.monitor(old);
              machine.cast(
                  Probe.doing(
                      "crash",
                      (event, state, data) -> {
                        throw new IllegalStateException("boom");
                      }));
              expect(self, Down.class);
              while (machine.whereis().isEmpty() || Probe.pid(machine).equals(old)) {
                self.sleep(Duration.ofMillis(1));
              }
              assertEquals("a", machine.call(plain("get")));
            });
      }
    }
  }

  @Test
  @DisplayName("A door opens when its code is typed, lets in who waits, and closes after its time")
  void door() throws Exception {
    inProcess(
        self -> {
          StatemRef<Door.Message> door = GenStatem.start(self, Door::new).orThrow();
          @Nullable Object[] passed = new Object[1];
          self.spawnLink(in -> passed[0] = door.call(new Door.Pass("Ada")));
          self.sleep(Duration.ofSeconds(1));
          door.cast(new Door.Press('4'));
          assertEquals(null, passed[0]);
          door.cast(new Door.Press('2'));
          assertEquals("Bob has passed", door.call(new Door.Pass("Bob")));
          self.sleep(Duration.ofSeconds(1));
          assertEquals("Ada has passed", passed[0]);
          self.sleep(Duration.ofSeconds(10));
          CallFailed closed =
              assertThrows(
                  CallFailed.class, () -> door.call(new Door.Pass("Eve"), Duration.ofSeconds(1)));
          assertEquals(ExitReason.TIMEOUT, closed.reason());
        });
  }

  @Test
  @DisplayName("A machine can be started and used from a thread that is no process")
  void startFromOutside() {
    try (Node node = Node.start()) {
      StatemRef<Door.Message> door = GenStatem.start(node, Door::new).orThrow();
      var waiting = door.request(new Door.Pass("Ada"));
      door.cast(new Door.Press('4'));
      door.cast(new Door.Press('2'));
      assertEquals("Ada has passed", waiting.join());
      door.stop();
    }
  }

  @Test
  @DisplayName("A machine that never blocks answers its callers, postponed calls included")
  void neverBlocks() throws Exception {
    StatemOptions options = StatemOptions.DEFAULT.spawn(SpawnOptions.DEFAULT.neverBlocks());
    inProcess(
        self -> {
          StatemRef<Door.Message> door = GenStatem.start(self, Door::new, options).orThrow();
          self.spawn(
              in -> {
                in.sleep(Duration.ofSeconds(1));
                door.cast(new Door.Press('4'));
                door.cast(new Door.Press('2'));
              });
          assertEquals("Ada has passed", door.call(new Door.Pass("Ada")));
          door.stop();
        });
  }
}
