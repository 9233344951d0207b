package io.coppice.behaviours.server;

import static io.coppice.behaviours.server.TestBed.expect;
import static io.coppice.behaviours.server.TestBed.expectNothing;
import static io.coppice.behaviours.server.TestBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.coppice.behaviours.server.Probe.Message;
import io.coppice.behaviours.server.Probe.Seen;
import io.coppice.kernel.Node;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.CrashReport;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What no case of OTP's suites asks, and the semantics say. */
class ServerLifeTest {
  private static Supplier<Probe> trapping(Context watcher) {
    return () ->
        new Probe(watcher) {
          @Override
          public Init<Object> init(Context self) throws Exception {
            self.trapExit(true);
            return super.init(self);
          }
        };
  }

  private static Supplier<Probe> stoppingInInit(Context watcher, ExitReason reason) {
    return () ->
        new Probe(watcher) {
          @Override
          public Init<Object> init(Context self) {
            return Init.stop(reason);
          }
        };
  }

  @Test
  @DisplayName("G2 The exit of a starter that is not linked is a message like any other")
  void starterIsNoParent() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = GenServer.start(self, trapping(self)).orThrow();
          self.exit(Probe.pid(server), ExitReason.SHUTDOWN);
          assertEquals(
              new Seen("info", new Exit(self.pid(), ExitReason.SHUTDOWN), "initial"),
              expect(self, Seen.class));
          assertNull(server.sys().getStatus().parent());
        });
  }

  @Test
  @DisplayName("GS20 A closing node stops a server that traps exits and whose starter is gone")
  void closingNode() {
    List<ExitReason> ends = new ArrayList<>();
    try (TestNode node = TestNode.start(1)) {
      node.run(
          self ->
              GenServer.<Message, Object>start(
                  self,
                  () ->
                      new Probe(self) {
                        @Override
                        public Init<Object> init(Context own) {
                          own.trapExit(true);
                          return Init.state("initial");
                        }

                        @Override
                        public void terminate(ExitReason reason, Object state) {
                          ends.add(reason);
                        }
                      }));
    }
    assertEquals(List.of(ExitReason.SHUTDOWN), ends);
  }

  @Test
  @DisplayName("G7 An init that fails kills the linked starter, unless that traps exits")
  void failingInitKillsTheStarter() throws Exception {
    inProcess(
        self -> {
          ExitReason no = ExitReason.of("no");
          self.spawnMonitor(
              in -> {
                GenServer.startLink(in, stoppingInInit(self, no), ServerOptions.DEFAULT);
                in.send(self.pid(), "survived");
              });
          assertEquals(no, expect(self, Down.class).reason());
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("GS2 A bad return ends the server with the state from before")
  void badReturnKeepsTheOldState() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          server.cast(Probe.tell(state -> Step.next("old")));
          server.cast(Probe.tell(state -> null));
          Seen last = expect(self, Seen.class);
          assertEquals("terminate", last.callback());
          assertEquals("old", last.state());
        });
  }

  private static void assumeOpenJdk() {
    assumeTrue(
        Object.class.getModule().isOpen("java.lang", ServerLifeTest.class.getModule()),
        "what waits in java.util.concurrent is part of a simulation only with the JVM flag for it");
  }

  @Test
  @DisplayName("GS5 The reply given with a continue is sent before the continue runs")
  void replyBeforeContinue() throws Exception {
    assumeOpenJdk();
    inProcess(
        self -> {
          CountDownLatch answered = new CountDownLatch(1);
          Probe.Tell rest =
              Probe.tell(
                  state -> {
                    answered.await();
                    return Step.next("continued");
                  });
          ServerRef<Message> server = Probe.start(self);
          Probe.Ask request =
              Probe.ask((from, state) -> Result.reply("ok", state, Action.continueWith(rest)));
          assertEquals("ok", server.call(request));
          answered.countDown();
          assertEquals("continued", server.sys().getState());
        });
  }

  @Test
  @DisplayName("SY3 The exit of the parent terminates a server also while it is suspended")
  void parentExitWhileSuspended() throws Exception {
    inProcess(
        self -> {
          Pid parent =
              self.spawn(
                  in -> {
                    ServerRef<Message> server =
                        GenServer.startLink(in, trapping(self), ServerOptions.DEFAULT).orThrow();
                    server.sys().suspend();
                    server.cast(Probe.tell(state -> Step.next("never")));
                    in.send(self.pid(), "suspended");
                    in.receive();
                    throw in.exit(ExitReason.of("gone"));
                  });
          expect(self, String.class);
          self.send(parent, "end");
          assertEquals(
              new Seen("terminate", ExitReason.of("gone"), "initial"), expect(self, Seen.class));
        });
  }

  @Test
  @DisplayName("GS22 What terminate throws is what the server ends with, and is reported")
  void terminateThrows() throws Exception {
    IllegalStateException error = new IllegalStateException("in terminate");
    inProcess(
        self -> {
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
          self.monitor(Probe.pid(server));
          server.cast(Probe.tell(state -> Step.stop(ExitReason.NORMAL, state)));
          assertEquals(ExitReason.crashed(error), expect(self, Down.class).reason());
        },
        node -> {
          assertEquals(
              ExitReason.crashed(error), node.reports(ServerTerminated.class).getFirst().reason());
        });
  }

  @Test
  @DisplayName("GS23 A clean end leaves no report, whoever asked for it")
  void cleanEndsAreQuiet() throws Exception {
    inProcess(
        self -> {
          Probe.start(self).stop();
          Probe.start(self).stop(ExitReason.shutdown("maintenance"), null);
          ServerRef<Message> server = Probe.start(self);
          self.monitor(Probe.pid(server));
          server.cast(
              Probe.tell(
                  state -> {
                    throw new io.coppice.kernel.process.ProcessExit(ExitReason.SHUTDOWN);
                  }));
          assertEquals(ExitReason.SHUTDOWN, expect(self, Down.class).reason());
        },
        node -> {
          assertEquals(0, node.reports(ServerTerminated.class).size());
          assertEquals(0, node.reports(CrashReport.class).size());
        });
  }

  @Test
  @DisplayName("GS24 The report names the last message and the client, and says when that is dead")
  void reportNamesTheClient() throws Exception {
    assumeOpenJdk();
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self, ServerOptions.named("reported"));
          CountDownLatch dead = new CountDownLatch(1);
          Probe.Ask crash =
              Probe.ask(
                  (from, state) -> {
                    dead.await();
                    throw new IllegalStateException("too late");
                  });
          Pid client = self.spawn(in -> server.call(crash));
          self.monitor(Probe.pid(server));
          while (self.info(client)
              .map(info -> info.waitReason().name())
              .orElse("")
              .equals("NONE")) {
            self.sleep(Duration.ofMillis(1));
          }
          self.exit(client, ExitReason.KILL);
          assertFalse(self.isAlive(client));
          dead.countDown();
          expect(self, Down.class);
        },
        node -> {
          ServerTerminated report = node.reports(ServerTerminated.class).getFirst();
          assertInstanceOf(Probe.Ask.class, report.lastMessage());
          assertFalse(Objects.requireNonNull(report.client()).alive());
          assertTrue(report.text().startsWith("GenServer reported <"), report::text);
          assertTrue(report.text().contains("which is dead"), report::text);
        });
  }

  @Test
  @DisplayName("A request from any thread completes a future, also with the failure")
  void futures() {
    try (Node node = Node.start()) {
      ServerRef<Counter.Message> counter = GenServer.start(node, Counter::new).orThrow();
      assertEquals(3, counter.request(new Counter.Add(3)).join());
      counter.stop();
      Throwable failed =
          assertThrows(
                  java.util.concurrent.CompletionException.class,
                  () -> counter.request(new Counter.Add(1)).join())
              .getCause();
      assertEquals(ExitReason.NO_PROCESS, assertInstanceOf(CallFailed.class, failed).reason());
    }
  }
}
