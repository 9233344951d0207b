package io.coppice.behaviours.proc;

import static io.coppice.behaviours.server.TestBed.expect;
import static io.coppice.behaviours.server.TestBed.expectNothing;
import static io.coppice.behaviours.server.TestBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.event.GenEvent;
import io.coppice.behaviours.server.GenServer;
import io.coppice.behaviours.server.Init;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.CrashReport;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.testkit.TestNode;
import io.coppice.supervisor.ChildSpec;
import io.coppice.supervisor.ProgressReport;
import io.coppice.supervisor.StartResult;
import io.coppice.supervisor.Supervisor;
import io.coppice.supervisor.SupervisorRef;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ProcLibTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final SpawnOptions PLAIN = SpawnOptions.DEFAULT;

  /** Says when it is up, and waits for its end. */
  private static void up(Context self, Starting<String> start) {
    assertTrue(start.ack("up"));
    assertFalse(start.ack("up again"));
    self.receive("end"::equals);
  }

  /** Needs a second until it is up. */
  private static StartedBody<Long> slow() {
    return (self, start) -> {
      self.sleep(SECOND);
      start.ack(self.monotonicNanos());
      self.receive("end"::equals);
    };
  }

  private static <T> ProcStart.Started<T> started(ProcStart<T> start) {
    return (ProcStart.Started<T>) start;
  }

  private static <T> ProcStart<T> failed(ExitReason reason) {
    return new ProcStart.Failed<>(reason, null);
  }

  @Test
  @DisplayName("A process is started, says that it is up, and works")
  void example() {
    try (TestNode node = TestNode.start(1)) {
      node.run(
          self -> {
            // @start region="start"
            ProcStart<String> start =
                ProcLib.start(
                    self,
                    (own, starting) -> {
                      String table = "the table"; // whatever it takes to be ready
                      starting.ack(table); // from now on its starter goes on, too
                      own.receive("end"::equals);
                    });
            String table = start.orThrow();
            // @end
            assertEquals("the table", table);
            self.send(started(start).pid(), "end");
          });
    }
  }

  private static void assertWaited(Context self, ProcStart<Long> start, long before) {
    assertTrue(start.orThrow() - before >= SECOND.toNanos());
    self.send(started(start).pid(), "end");
  }

  @Test
  @DisplayName("PLIB-003 start returns when the process has said that it is up, and not before")
  void syncStart() throws Exception {
    inProcess(
        self -> {
          long before = self.monotonicNanos();
          assertWaited(self, ProcLib.start(self, slow(), PLAIN, null), before);
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("PLIB-004 startLink returns when the process has said that it is up, and links")
  void syncStartLink() throws Exception {
    inProcess(
        self -> {
          long before = self.monotonicNanos();
          ProcStart<Long> start = ProcLib.startLink(self, slow(), PLAIN, null);
          assertEquals(List.of(started(start).pid()), self.links());
          assertWaited(self, start, before);
          assertEquals(ExitReason.NORMAL, expect(self, Exit.class).reason());
        });
  }

  @Test
  @DisplayName("PL2 a process that ends before it is up fails the start, also if it ends normally")
  void endsBefore() throws Exception {
    inProcess(
        self -> {
          assertEquals(failed(ExitReason.NORMAL), ProcLib.start(self, (own, start) -> {}));
          ExitReason why = ExitReason.of("why");
          ProcStart<String> start =
              ProcLib.start(
                  self,
                  (own, starting) -> {
                    throw own.exit(why);
                  });
          assertEquals(failed(why), start);
          assertEquals(why, assertThrows(CallFailed.class, start::orThrow).reason());
          expectNothing(self);
        });
  }

  @Test
  @DisplayName(
      "PLIB-006 a process that is not up in time is killed and leaves neither Exit nor Down")
  void timeout() throws Exception {
    inProcess(
        self -> {
          SpawnOptions named = PLAIN.name("slow");
          Duration short1 = Duration.ofMillis(10);
          assertEquals(failed(ExitReason.TIMEOUT), ProcLib.start(self, slow(), named, short1));
          assertEquals(failed(ExitReason.TIMEOUT), ProcLib.startLink(self, slow(), named, short1));
          assertTrue(self.whereis("slow").isEmpty());
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("PL4 startMonitor gives a monitor, and the Down also if the start fails")
  void startMonitor() throws Exception {
    inProcess(
        self -> {
          ProcStart.Started<String> good =
              started(ProcLib.startMonitor(self, ProcLibTest::up, PLAIN, null));
          assertEquals("up", good.value());
          self.send(good.pid(), "end");
          assertEquals(
              new Down(Objects.requireNonNull(good.monitor()), good.pid(), ExitReason.NORMAL),
              expect(self, Down.class));
          assertFails(self, SECOND.dividedBy(2), ExitReason.TIMEOUT, ExitReason.KILLED, slow());
          ExitReason told = ExitReason.of("told");
          assertFails(
              self,
              null,
              told,
              ExitReason.SHUTDOWN,
              (own, start) -> {
                throw start.fail(told, ExitReason.SHUTDOWN);
              });
          assertFails(self, null, ExitReason.NORMAL, ExitReason.NORMAL, (own, start) -> {});
          expectNothing(self);
        });
  }

  private static void assertFails(
      Context self,
      @Nullable Duration timeout,
      ExitReason told,
      ExitReason exit,
      StartedBody<Long> body) {
    ProcStart.Failed<Long> failed =
        (ProcStart.Failed<Long>) ProcLib.startMonitor(self, body, PLAIN, timeout);
    assertEquals(told, failed.reason());
    Down down = expect(self, Down.class);
    assertEquals(failed.monitor(), down.ref());
    assertEquals(exit, down.reason());
  }

  @Test
  @DisplayName("PLIB-012 spawn options that link or monitor are refused, and nothing is started")
  void optionsRefused() throws Exception {
    inProcess(
        self -> {
          for (SpawnOptions options : List.of(PLAIN.monitor(), PLAIN.link())) {
            assertThrows(
                IllegalArgumentException.class,
                () -> ProcLib.start(self, ProcLibTest::up, options, null));
            assertThrows(
                IllegalArgumentException.class,
                () -> ProcLib.startMonitor(self, ProcLibTest::up, options, null));
          }
          expectNothing(self);
        },
        node -> assertEquals(0, node.processCount()));
  }

  @Test
  @DisplayName(
      "PLIB-013 a start that says it fails returns when the process is dead, its name free")
  void initFail() throws Exception {
    inProcess(
        self -> {
          ExitReason told = ExitReason.of("told");
          SpawnOptions named = PLAIN.name("fails");
          for (int i = 0; i < 3; i++) {
            ProcStart<String> start =
                ProcLib.startLink(
                    self,
                    (own, starting) -> {
                      throw starting.fail(told, ExitReason.of("exit"));
                    },
                    named,
                    null);
            assertEquals(failed(told), start); // and never AlreadyStarted
            assertTrue(self.whereis("fails").isEmpty());
            expectNothing(self);
          }
        },
        node -> assertEquals(3, node.reports(CrashReport.class).size()));
  }

  @Test
  @DisplayName("G4 a name that is taken is told with its holder")
  void nameTaken() throws Exception {
    inProcess(
        self -> {
          SpawnOptions named = PLAIN.name("taken");
          Pid first = started(ProcLib.start(self, ProcLibTest::up, named, null)).pid();
          ProcStart<String> second = ProcLib.startMonitor(self, ProcLibTest::up, named, null);
          assertEquals(new ProcStart.AlreadyStarted<String>(first), second);
          assertThrows(NameTaken.class, second::orThrow);
          assertEquals(second, ProcLib.startLink(self, ProcLibTest::up, named, null));
          self.send(first, "end");
        });
  }

  @Test
  @DisplayName("PL2 a supervisor goes on when such a child is up")
  void supervised() throws Exception {
    inProcess(
        self -> {
          Pid watcher = self.pid();
          StartedBody<String> first =
              (own, start) -> {
                own.send(watcher, "first");
                up(own, start);
              };
          Supervisor.oneForOne()
              .child(ProcLib.child("first", first))
              .child(
                  ProcLib.child(
                      "second",
                      (own, start) -> {
                        own.send(watcher, "second");
                        up(own, starting(start));
                      }))
              .start(self.node());
          assertEquals("first", self.receive());
          assertEquals("second", self.receive());
        });
  }

  @SuppressWarnings("unchecked") // nobody looks at what the child tells
  private static Starting<String> starting(Starting<?> start) {
    return (Starting<String>) start;
  }

  // ---- crash reports

  private static void crash(String text) {
    throw new IllegalStateException(text);
  }

  @Test
  @DisplayName("PLIB-001 only an abnormal end leaves a crash report, with the linked neighbours")
  void crashReports() throws Exception {
    Pid[] neighbour = new Pid[1];
    inProcess(
        self -> {
          for (ExitReason clean :
              List.of(ExitReason.NORMAL, ExitReason.SHUTDOWN, ExitReason.shutdown("detail"))) {
            self.spawnMonitor(
                own -> {
                  throw own.exit(clean);
                });
            expect(self, Down.class);
          }
          self.spawnMonitor(
              own -> {
                throw own.exit(ExitReason.of("abnormal"));
              });
          expect(self, Down.class);
          self.spawnMonitor(
              own -> {
                neighbour[0] = own.spawnLink(other -> other.receive());
                own.yieldNow();
                crash("boom");
              });
          expect(self, Down.class);
        },
        node -> {
          List<CrashReport> reports = node.reports(CrashReport.class);
          assertEquals(
              List.of(ExitReason.of("abnormal")),
              reports.stream()
                  .map(CrashReport::reason)
                  .filter(ExitReason.Custom.class::isInstance)
                  .toList());
          assertEquals(2, reports.size());
          assertEquals(
              List.of(neighbour[0]),
              reports.getLast().neighbours().stream().map(ProcessInfo::pid).toList());
        });
  }

  @Test
  @DisplayName("PLIB-002 the crash report of an error has its stack, and the initial call (PL1)")
  void stack() throws Exception {
    inProcess(
        self -> {
          ProcLib.start(
              self,
              (own, start) -> {
                own.setLabel("shard 3");
                crash("boom");
              });
          expectNothing(self);
        },
        node -> {
          CrashReport report = node.reports(CrashReport.class).getFirst();
          assertTrue(report.text().contains("at " + ProcLibTest.class.getName() + ".crash"));
          assertTrue(report.initialCall().contains("ProcLibTest"), report::initialCall);
          assertEquals("shard 3", report.label());
          assertEquals(2, report.ancestors().size());
        });
  }

  @Test
  @DisplayName("PL1 what a process was started as is its code, or the callbacks of its behaviour")
  void initialCalls() throws Exception {
    inProcess(
        self -> {
          GenServer<Object, Object> server = in -> Init.state("bare");
          Pid pid = GenServer.start(self, () -> server).orThrow().whereis().orElseThrow();
          assertEquals(server.getClass().getName(), initialCall(self, pid));
          Pid events = GenEvent.start(self).orThrow().whereis().orElseThrow();
          assertEquals("GenEvent", initialCall(self, events));
          StartedBody<String> body = ProcLibTest::up;
          Pid own = started(ProcLib.start(self, body)).pid();
          assertEquals(body.getClass().getName(), initialCall(self, own));
          assertEquals(self.pid(), self.info(own).orElseThrow().parent());
          SpawnOptions called = PLAIN.initialCall("a shard");
          Pid shard = started(ProcLib.start(self, body, called, null)).pid();
          assertEquals("a shard", initialCall(self, shard));
        });
  }

  private static String initialCall(Context self, Pid pid) {
    return self.info(pid).orElseThrow().initialCall();
  }

  @Test
  @DisplayName("PLIB-010 a process that hibernated and was woken leaves a crash report")
  void hibernated() throws Exception {
    inProcess(
        self -> {
          ProcStart.Started<String> start =
              started(
                  ProcLib.startMonitor(
                      self,
                      (own, starting) -> {
                        starting.ack("up");
                        own.hibernate();
                        crash("woken by " + own.receive());
                      },
                      PLAIN,
                      null));
          self.sleep(SECOND);
          assertTrue(self.isAlive(start.pid()));
          self.send(start.pid(), "a kiss");
          assertInstanceOf(ExitReason.Crashed.class, expect(self, Down.class).reason());
        },
        node -> {
          CrashReport report = node.reports(CrashReport.class).getFirst();
          assertTrue(report.text().contains("woken by a kiss"), report::text);
        });
  }

  @Test
  @DisplayName("PLIB-015 a dictionary full of rubbish changes nothing about the crash report")
  void rubbish() throws Exception {
    inProcess(
        self -> {
          for (String key : List.of("$initial_call", "$ancestors", "$process_label")) {
            self.put(key, "rubbish");
          }
          ProcLib.start(
              self,
              (own, start) -> {
                for (String key : List.of("$initial_call", "$ancestors", "$process_label")) {
                  own.put(key, "rubbish");
                }
                crash("boom");
              });
        },
        node -> {
          CrashReport report = node.reports(CrashReport.class).getFirst();
          assertTrue(report.initialCall().contains("ProcLibTest"), report::initialCall);
          assertEquals(2, report.ancestors().size());
          assertEquals(3, report.dictionary().size());
        });
  }

  @Test
  @DisplayName(
      "PLIB-016 a child made from a template reports its start at debug level, not at info")
  void progress() throws Exception {
    inProcess(
        self -> {
          ChildSpec template =
              ChildSpec.taking(
                  "session",
                  String.class,
                  (supervisor, argument) ->
                      StartResult.ok(
                          started(
                                  ProcLib.startLink(
                                      supervisor, ProcLibTest::up, SpawnOptions.DEFAULT, null))
                              .pid()));
          SupervisorRef sessions = Supervisor.simpleOneForOne(template).start(self.node());
          sessions.startChildWith("x");
          Supervisor.oneForOne().child(ProcLib.child("fixed", slow())).start(self.node());
        },
        node ->
            assertEquals(
                List.of("session DEBUG", "fixed INFO"),
                node.reports(ProgressReport.class).stream()
                    .map(report -> report.started().id() + " " + report.level())
                    .toList()));
  }
}
