package io.coppice.behaviours.application;

import static io.coppice.behaviours.application.ApplicationStartTest.names;
import static io.coppice.behaviours.application.ApplicationStartTest.problem;
import static io.coppice.behaviours.application.Journal.simulate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.application.Journal.Die;
import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.testkit.TestNode;
import io.coppice.supervisor.ChildSpec;
import io.coppice.supervisor.StartResult;
import io.coppice.supervisor.Supervisor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ApplicationStopTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static ApplicationsOptions options(Journal journal, String... names) {
    ApplicationSpec[] specs = new ApplicationSpec[names.length];
    for (int i = 0; i < names.length; i++) {
      specs[i] = journal.spec(names[i]);
    }
    return ApplicationsOptions.DEFAULT
        .specs(specs)
        .beforeStop(reason -> journal.add("before stop " + reason))
        .atEnd(end -> journal.add("end of node by " + end.application() + " " + end.reason()));
  }

  private static Pid top(TestNode node, String name) {
    return node.whereis("top of " + name).orElseThrow();
  }

  @Test
  @DisplayName("APP-017 the shutdown function is called with shutdown before applications stop")
  void shutdownFunction() {
    simulate(
        node -> {
          Journal journal = new Journal();
          Applications.launch(node, options(journal, "a")).start("a");
          node.close();
          assertEquals(
              List.of(
                  "a start",
                  "before stop shutdown",
                  "a prepStop state",
                  "a tree shutdown",
                  "a stop prepared"),
              journal.take());
        });
  }

  @Test
  @DisplayName("APP-018 a node ends in time although an application hangs in a restart")
  void shutdownTimeout() {
    simulate(
        node -> {
          Journal journal = new Journal();
          int[] starts = {0};
          Supervisor hanging =
              Supervisor.oneForOne()
                  .child(
                      ChildSpec.starting(
                          "child",
                          self -> {
                            if (++starts[0] > 1) {
                              self.receive(message -> false);
                            }
                            return StartResult.ok(
                                self.spawnLink(in -> in.sleep(Duration.ofMillis(10))));
                          }));
          Applications all =
              Applications.launch(node, options(journal, "a").shutdownTimeout(SECOND));
          all.start("a");
          all.start(ApplicationSpec.of("hanging", hanging), StartType.PERMANENT);
          node.advance(SECOND);
          assertEquals(2, starts[0]);
          long before = node.monotonicNanos();
          all.shutdown();
          assertEquals(SECOND.toNanos(), node.monotonicNanos() - before);
          ApplicationReport.Killed killed = node.reports(ApplicationReport.Killed.class).getFirst();
          assertEquals(List.of("a", "hanging"), killed.applications());
          node.advance(SECOND);
          assertEquals(List.of(), List.copyOf(node.processes()));
        });
  }

  @Test
  @DisplayName(
      "APP-020 a node that closes stops the youngest application first, each in three steps")
  void stopOrder() {
    simulate(
        node -> {
          Journal journal = new Journal();
          Applications all = Applications.launch(node, options(journal, "a", "b", "c"));
          all.start("b");
          all.start(ApplicationSpec.library("lib"), StartType.PERMANENT);
          all.start("a");
          all.start("c", StartType.PERMANENT);
          List<String> _ = journal.take();
          node.close();
          List<String> expected = new ArrayList<>(List.of("before stop shutdown"));
          for (String name : List.of("c", "a", "b")) {
            expected.add(name + " prepStop state");
            expected.add(name + " tree shutdown");
            expected.add(name + " stop prepared");
          }
          assertEquals(expected, journal.take());
        });
  }

  @Test
  @DisplayName("APP-023 the end of a temporary application is reported, and nothing else")
  void temporary() {
    simulate(
        node -> {
          Journal journal = new Journal();
          Applications all = Applications.launch(node, options(journal, "a", "b"));
          all.start("a");
          all.start("b");
          List<String> _ = journal.take();
          node.send(top(node, "a"), new Die(ExitReason.SHUTDOWN));
          node.runUntilIdle();
          assertEquals(List.of("b"), names(all));
          assertEquals(List.of("a prepStop state", "a stop prepared"), journal.take());
          ApplicationReport.Ended ended = node.reports(ApplicationReport.Ended.class).getFirst();
          assertEquals(
              new ApplicationReport.Ended("a", StartType.TEMPORARY, ExitReason.SHUTDOWN, false),
              ended);
          all.start("a");
          assertEquals(List.of("b", "a"), names(all));
        });
  }

  @Test
  @DisplayName("APP-025 a prepStop that throws is reported, and stop gets the old state")
  void prepStopCrashes() {
    simulate(
        node -> {
          Journal journal = new Journal();
          ApplicationSpec spec =
              ApplicationSpec.of(
                  "a",
                  () ->
                      journal.new Written("a") {
                        @Override
                        public String prepStop(Context self, String state) {
                          throw new IllegalStateException("in prepStop");
                        }

                        @Override
                        public void stop(Context self, String state) throws Exception {
                          super.stop(self, state);
                          throw self.exit(ExitReason.of("in stop"));
                        }
                      });
          Applications all = Applications.launch(node, options(journal));
          all.start(spec, StartType.PERMANENT);
          all.stop("a");
          assertEquals(List.of("a start", "a tree shutdown", "a stop state"), journal.take());
          assertEquals(
              List.of("prepStop", "stop"),
              node.reports(ApplicationReport.CallbackFailed.class).stream()
                  .map(ApplicationReport.CallbackFailed::callback)
                  .toList());
          assertEquals(List.of(), names(all));
        });
  }

  @Test
  @DisplayName("AP7 AP8 an application that is stopped takes nobody down, whatever its type")
  void explicitStop() {
    simulate(
        node -> {
          Journal journal = new Journal();
          Applications all = Applications.launch(node, options(journal, "a", "b"));
          all.start("b");
          for (StartType type : StartType.values()) {
            all.start("a", type);
            all.stop("a");
            assertEquals(
                new ApplicationProblem.NotStarted("a", null), problem(() -> all.stop("a")));
          }
          assertEquals(List.of("b"), names(all));
        });
  }

  @Test
  @DisplayName("AP8 the end of a permanent application stops all others, and then asks the policy")
  void permanent() {
    simulate(
        node -> {
          Journal journal = new Journal();
          Applications all = Applications.launch(node, options(journal, "a", "b", "c"));
          all.start("a");
          all.start("b", StartType.PERMANENT);
          all.start("c");
          List<String> _ = journal.take();
          node.send(top(node, "b"), new Die(ExitReason.NORMAL));
          node.runUntilIdle();
          assertEquals(
              List.of(
                  "b prepStop state",
                  "b stop prepared",
                  "before stop normal",
                  "c prepStop state",
                  "c tree shutdown",
                  "c stop prepared",
                  "a prepStop state",
                  "a tree shutdown",
                  "a stop prepared",
                  "end of node by b normal"),
              journal.take());
          String text = node.reports(ApplicationReport.NodeEnds.class).getFirst().text();
          assertTrue(text.startsWith("The permanent application b ended: it ended normally"), text);
          assertThrows(IllegalStateException.class, () -> Applications.of(node));
        });
  }

  @Test
  @DisplayName("AP8 a transient application may end with normal, and with nothing else")
  void transientEnds() {
    simulate(
        node -> {
          Journal journal = new Journal();
          Applications all = Applications.launch(node, options(journal, "a", "b"));
          all.start("b");
          all.start("a", StartType.TRANSIENT);
          node.send(top(node, "a"), new Die(ExitReason.NORMAL));
          node.runUntilIdle();
          assertEquals(List.of("b"), names(all));
          all.start("a", StartType.TRANSIENT);
          node.send(top(node, "a"), new Die(ExitReason.SHUTDOWN));
          node.runUntilIdle();
          assertEquals("end of node by a shutdown", journal.take().getLast());
        });
  }

  @Test
  @DisplayName("AP10 a shutdown function or a policy that throws is reported, and the end goes on")
  void policyThrows() {
    simulate(
        node -> {
          Journal journal = new Journal();
          ApplicationsOptions failing =
              options(journal, "a", "b")
                  .beforeStop(
                      reason -> {
                        throw new IllegalStateException("before");
                      })
                  .atEnd(
                      end -> {
                        throw new IllegalStateException("policy");
                      });
          Applications all = Applications.launch(node, failing);
          all.start("a", StartType.PERMANENT);
          all.start("b");
          node.send(top(node, "a"), new Die(ExitReason.NORMAL));
          node.runUntilIdle();
          assertEquals("b stop prepared", journal.take().getLast());
          assertEquals(
              List.of("beforeStop", "atEnd"),
              node.reports(ApplicationReport.CallbackFailed.class).stream()
                  .map(ApplicationReport.CallbackFailed::callback)
                  .toList());
          assertEquals(List.of(), List.copyOf(node.processes()));
        });
  }

  @Test
  @DisplayName("AP8 two that let the node down at the same time have it ended once")
  void twoLetItDown() {
    simulate(
        node -> {
          Journal journal = new Journal();
          Applications all = Applications.launch(node, options(journal, "a", "b", "c"));
          for (String name : List.of("a", "b", "c")) {
            all.start(name, StartType.PERMANENT);
          }
          List<String> _ = journal.take();
          node.send(top(node, "b"), new Die(ExitReason.NORMAL));
          node.send(top(node, "a"), new Die(ExitReason.NORMAL));
          node.runUntilIdle();
          List<String> lines = journal.take();
          assertEquals(1, lines.stream().filter(l -> l.startsWith("before stop")).count());
          assertEquals(1, lines.stream().filter(l -> l.startsWith("end of node")).count());
          assertEquals(3, lines.stream().filter(l -> l.endsWith("stop prepared")).count());
          assertEquals(List.of(), List.copyOf(node.processes()));
        });
  }

  private static ApplicationSpec exiting(ExitReason reason) {
    return ApplicationSpec.of(
        "exiting",
        () ->
            (Application<Pid>)
                (self, settings) -> {
                  throw self.exit(reason);
                });
  }

  @Test
  @DisplayName("APP-013 a transient application whose start ends with normal is bearable, else not")
  void transientStart() {
    simulate(
        node -> {
          Journal journal = new Journal();
          Applications all = Applications.launch(node, options(journal, "b"));
          all.start("b");
          ExitReason other = ExitReason.of("other");
          assertEquals(
              new ApplicationProblem.Crashed("exiting", "start", ExitReason.NORMAL),
              problem(() -> all.start(exiting(ExitReason.NORMAL), StartType.TRANSIENT)));
          assertEquals(List.of("b"), names(all));
          all.unload("exiting");
          assertEquals(
              new ApplicationProblem.Crashed("exiting", "start", other),
              problem(() -> all.start(exiting(other), StartType.TRANSIENT)));
          node.runUntilIdle();
          assertTrue(journal.take().getLast().startsWith("end of node by exiting"));
        });
  }

  @Test
  @DisplayName(
      "APP-029 an illegal setting of a permanent application ends the node with a sentence")
  void illegalSetting() {
    simulate(
        node -> {
          Journal journal = new Journal();
          java.util.Properties file = new java.util.Properties();
          file.setProperty("shop.port", "many");
          Applications all =
              Applications.launch(
                  node, options(journal, "b").configuration(Configuration.of(file, "")));
          all.start("b");
          ApplicationSpec shop = journal.spec("shop").setting(Shop.PORT);
          for (StartType type : List.of(StartType.TEMPORARY, StartType.TRANSIENT)) {
            ApplicationProblem.BadConfiguration bad =
                (ApplicationProblem.BadConfiguration) problem(() -> all.start(shop, type));
            assertEquals("port", bad.key());
            assertEquals(List.of("b"), names(all));
          }
          ApplicationProblem bad = problem(() -> all.start(shop, StartType.PERMANENT));
          node.runUntilIdle();
          NodeEnd end = node.reports(ApplicationReport.NodeEnds.class).getFirst().end();
          assertEquals(new NodeEnd("shop", StartType.PERMANENT, ExitReason.of(bad), bad), end);
          assertTrue(end.text().contains("The setting port is \"many\", which is no Integer"));
          assertTrue(journal.take().getLast().startsWith("end of node by shop"));
        });
  }

  @Test
  @DisplayName("AP7 what has outlived the tree is killed, also if it goes on spawning")
  void strays() {
    simulate(
        node -> {
          List<Pid> strays = new ArrayList<>();
          ApplicationSpec spec =
              ApplicationSpec.of(
                  "a",
                  () ->
                      (self, settings) -> {
                        strays.add(self.spawn(in -> breed(in, strays)));
                        return Startup.ok(Supervisor.oneForOne().start(self).pid());
                      });
          Applications all = Applications.launch(node, ApplicationsOptions.DEFAULT);
          all.start(spec, StartType.TEMPORARY);
          node.advance(SECOND);
          all.stop("a");
          assertTrue(strays.size() > 10);
          for (Pid stray : strays) {
            assertFalse(node.isAlive(stray));
          }
        });
  }

  private static void breed(Context self, List<Pid> all) {
    self.trapExit(true);
    while (true) {
      self.sleep(Duration.ofMillis(50));
      all.add(self.spawn(in -> in.receive()));
    }
  }

  @Test
  @DisplayName("AP2 AP7 a start during the stop comes after it")
  void startWhileStopping() {
    simulate(
        node -> {
          Journal journal = new Journal();
          ApplicationSpec spec =
              ApplicationSpec.of(
                  "a",
                  () ->
                      journal.new Written("a") {
                        @Override
                        public void stop(Context self, String state) throws Exception {
                          self.sleep(SECOND);
                          super.stop(self, state);
                        }
                      });
          Applications all = Applications.launch(node, options(journal, "b"));
          all.start(spec, StartType.TEMPORARY);
          Pid _ = node.spawn(self -> all.stop("a"));
          node.advance(SECOND.dividedBy(2));
          assertEquals(List.of(), names(all));
          List<String> _ = journal.take();
          all.start("a");
          assertEquals(List.of("a stop prepared", "a start"), journal.take());
        });
  }

  @Test
  @DisplayName("AP10 a node that closes kills what is only being started, and starts nothing more")
  void closedWhileStarting() {
    simulate(
        node -> {
          Journal journal = new Journal();
          List<Object> outcomes = new ArrayList<>();
          ApplicationSpec hanging =
              ApplicationSpec.of(
                  "hanging",
                  () ->
                      (self, settings) -> {
                        self.receive(message -> false);
                        return Startup.ok(self.pid());
                      });
          Applications all = Applications.launch(node, options(journal, "a"));
          Pid _ =
              node.spawn(
                  self -> outcomes.add(problem(() -> all.start(hanging, StartType.PERMANENT))));
          node.runUntilIdle();
          all.shutdown();
          node.runUntilIdle();
          assertEquals(List.of(new ApplicationProblem.Aborted("hanging")), outcomes);
          assertEquals(List.of("before stop shutdown"), journal.take());
        });
  }

  @Test
  @DisplayName("an application whose master is killed stops, and counts as ended with killed")
  void masterKilled() {
    simulate(
        node -> {
          Journal journal = new Journal();
          Applications all = Applications.launch(node, options(journal, "a"));
          all.start("a");
          Pid runner = node.info(top(node, "a")).orElseThrow().parent();
          node.exit(node.info(runner).orElseThrow().parent(), ExitReason.KILL);
          node.runUntilIdle();
          assertEquals(
              ExitReason.KILLED, node.reports(ApplicationReport.Ended.class).getFirst().reason());
          assertEquals(
              List.of("a start", "a prepStop state", "a tree shutdown", "a stop prepared"),
              journal.take());
          assertEquals(List.of(), names(all));
        });
  }

  @Test
  @DisplayName("applications whose controller is killed stop all the same")
  void controllerKilled() {
    simulate(
        node -> {
          Journal journal = new Journal();
          Applications.launch(node, options(journal, "a")).start("a");
          node.exit(node.whereis(Controller.NAME).orElseThrow(), ExitReason.KILL);
          node.runUntilIdle();
          assertEquals("a stop prepared", journal.take().getLast());
          assertEquals(List.of(), List.copyOf(node.processes()));
        });
  }

  @Test
  @DisplayName("an application that lets down a real node has it closed, and not the JVM")
  void closesTheNode() throws Exception {
    CompletableFuture<String> sentence = new CompletableFuture<>();
    NodeOptions options =
        NodeOptions.DEFAULT.withReporter(
            report -> {
              if (report instanceof ApplicationReport.NodeEnds ends) {
                sentence.complete(ends.text());
              }
            });
    Node node = Node.start(options);
    Applications all = Applications.launch(node);
    CompletableFuture<Pid> stray = new CompletableFuture<>();
    all.start(
        ApplicationSpec.of(
            "a",
            () ->
                (self, settings) -> {
                  stray.complete(self.spawn(in -> in.receive()));
                  return Startup.ok(
                      self.spawn(
                          (in, message) -> in.stop(ExitReason.of(message)),
                          SpawnOptions.DEFAULT.link().name("top")));
                }),
        StartType.PERMANENT);
    Pid left = node.spawn(in -> in.receive());
    node.send("top", "enough");
    String text = sentence.get(20, TimeUnit.SECONDS);
    assertTrue(text.contains("The permanent application a ended: it ended with the reason enough"));
    long deadline = node.monotonicNanos() + Duration.ofSeconds(20).toNanos();
    while (node.processCount() > 0 && node.monotonicNanos() < deadline) {
      Thread.onSpinWait();
    }
    assertEquals(0, node.processCount(), () -> left + " and " + stray + " are left");
  }
}
