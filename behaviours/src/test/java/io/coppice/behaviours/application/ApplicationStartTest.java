package io.coppice.behaviours.application;

import static io.coppice.behaviours.application.Journal.simulate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.server.GenServer;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.supervisor.ChildSpec;
import io.coppice.supervisor.FailedToStartChild;
import io.coppice.supervisor.StartResult;
import io.coppice.supervisor.Supervisor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ApplicationStartTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  static ApplicationProblem problem(Runnable code) {
    return assertThrows(ApplicationException.class, code::run).problem();
  }

  static List<String> names(Applications all) {
    return all.running().stream().map(RunningApplication::name).toList();
  }

  private static ApplicationsOptions with(ApplicationSpec... specs) {
    return ApplicationsOptions.DEFAULT.specs(specs);
  }

  @Test
  @DisplayName("APP-001 ensureStarted does not mind an application that runs, and start does")
  void ensureStarted() {
    simulate(
        node -> {
          Journal journal = new Journal();
          Applications all = Applications.launch(node, with(journal.spec("a")));
          all.ensureStarted("a");
          all.ensureStarted("a");
          assertEquals(new ApplicationProblem.AlreadyStarted("a"), problem(() -> all.start("a")));
          assertEquals(new ApplicationProblem.Unknown("b"), problem(() -> all.ensureStarted("b")));
          assertEquals(List.of("a start"), journal.take());
        });
  }

  @Test
  @DisplayName("APP-002 ensureAllStarted starts what is needed first, and on failure nothing stays")
  void ensureAllStarted() {
    simulate(
        node -> {
          Journal journal = new Journal();
          ApplicationSpec bad =
              ApplicationSpec.of(
                      "bad", () -> (self, settings) -> Startup.failed(ExitReason.of("broken")))
                  .requires("d");
          Applications all =
              Applications.launch(
                  node,
                  with(
                      journal.spec("a").requires("b", "c"),
                      journal.spec("b").requires("d"),
                      journal.spec("c"),
                      journal.spec("d"),
                      bad,
                      journal.spec("top").requires("c", "bad")));
          all.start("c");
          assertEquals(List.of("d", "b", "a"), all.ensureAllStarted("a"));
          assertEquals(List.of(), all.ensureAllStarted("a"));
          all.stop("a");
          all.stop("b");
          all.stop("d");
          List<String> _ = journal.take();

          ApplicationProblem refused =
              new ApplicationProblem.Refused("bad", ExitReason.of("broken"));
          for (StartMode mode : StartMode.values()) {
            assertEquals(
                new ApplicationProblem.NotAllStarted("bad", refused),
                problem(() -> all.ensureAllStarted(StartType.TEMPORARY, mode, "a", "top")));
            assertEquals(List.of("c"), names(all));
          }
          assertTrue(journal.take().contains("d stop prepared"));
        });
  }

  @Test
  @DisplayName("AP3 ensureAllStarted starts at once what does not need each other, if asked to")
  void concurrently() {
    simulate(
        node -> {
          List<ApplicationSpec> specs = new ArrayList<>();
          specs.add(slow("last").requires("s0", "s1", "s2", "s3"));
          for (int i = 0; i < 4; i++) {
            specs.add(slow("s" + i));
          }
          ApplicationsOptions options = with(specs.toArray(ApplicationSpec[]::new));
          Applications all = Applications.launch(node, options);
          long before = node.monotonicNanos();
          List<String> started =
              all.ensureAllStarted(StartType.TEMPORARY, StartMode.CONCURRENT, "last");
          assertEquals(2 * SECOND.toNanos(), node.monotonicNanos() - before);
          assertEquals("last", started.getLast());
          assertEquals(5, started.size());
          assertEquals(started, names(all));
        });
  }

  @Test
  @DisplayName(
      "SUP-035 an application whose first worker crashes in init fails with what failed, and why")
  void workerCrashes() {
    simulate(
        node -> {
          IllegalStateException error = new IllegalStateException("undef");
          GenServer<Object, Object> worker =
              self -> {
                throw error;
              };
          Supervisor top =
              Supervisor.oneForOne()
                  .child("worker", () -> worker)
                  .child(ChildSpec.starting("next", _ -> StartResult.ignored()));
          Applications all = Applications.launch(node, with(ApplicationSpec.of("faulty", top)));
          ExitReason why = new FailedToStartChild("worker", ExitReason.crashed(error)).asReason();
          assertEquals(
              new ApplicationProblem.Refused("faulty", why), problem(() -> all.start("faulty")));
          assertEquals(List.of(), names(all));
          assertEquals(Optional.empty(), node.whereis("worker"));
        });
  }

  /** Needs a second to start. */
  private static ApplicationSpec slow(String name) {
    return ApplicationSpec.of(
        name,
        () ->
            (self, settings) -> {
              self.sleep(SECOND);
              return Startup.ok(Supervisor.oneForOne().start(self).pid());
            });
  }

  @Test
  @DisplayName("AP2 AP3 what is optional may be missing, and is started first if it is there")
  void optional() {
    simulate(
        node -> {
          Journal journal = new Journal();
          ApplicationSpec a = journal.spec("a").requires("b").prefers("c", "missing");
          Applications all =
              Applications.launch(node, with(a, journal.spec("b"), journal.spec("c")));
          assertEquals(new ApplicationProblem.NotStarted("b", "a"), problem(() -> all.start("a")));
          all.start("b");
          all.start("a");
          all.stop("a");
          assertEquals(List.of("c", "a"), all.ensureAllStarted("a"));
        });
  }

  @Test
  @DisplayName("AP3 applications that need each other in a circle are refused by their names")
  void circle() {
    simulate(
        node -> {
          Applications all =
              Applications.launch(
                  node,
                  with(
                      ApplicationSpec.library("x").requires("a"),
                      ApplicationSpec.library("a").requires("b"),
                      ApplicationSpec.library("b").requires("a")));
          assertEquals(
              new ApplicationProblem.Circular(List.of("a", "b", "a")),
              problem(() -> all.ensureAllStarted("x")));
        });
  }

  @Test
  @DisplayName("AP2 two who start an application at the same time both succeed, and it starts once")
  void twoStarters() {
    simulate(
        node -> {
          Journal journal = new Journal();
          Applications all = Applications.launch(node, with(journal.spec("a")));
          List<String> outcomes = new ArrayList<>();
          for (int i = 0; i < 2; i++) {
            node.spawn(
                self -> {
                  self.sleep(SECOND);
                  all.ensureStarted("a");
                  outcomes.add("up");
                });
          }
          node.advance(SECOND.multipliedBy(2));
          assertEquals(List.of("up", "up"), outcomes);
          assertEquals(List.of("a start"), journal.take());
        });
  }

  @Test
  @DisplayName("APP-005 a start goes through its phases in order, each with those it includes")
  void startPhases() {
    simulate(
        node -> {
          Journal journal = new Journal();
          ApplicationSpec primary =
              journal
                  .spec("p")
                  .includes("i", "j")
                  .withPhasesOfIncluded()
                  .phase("init", 1)
                  .phase("go", 2);
          ApplicationSpec i = journal.spec("i").includes("k").withPhasesOfIncluded().phase("go", 3);
          ApplicationSpec j = journal.spec("j").phase("init", 4).phase("other", 5);
          ApplicationSpec k = journal.spec("k").phase("go", 6);
          Applications all = Applications.launch(node, with(primary, i, j, k));
          all.start("p");
          assertEquals(
              List.of(
                  "p start",
                  "p phase init 1",
                  "j phase init 4",
                  "p phase go 2",
                  "i phase go 3",
                  "k phase go 6"),
              journal.take());
          assertEquals(List.of("p"), names(all));

          ApplicationSpec alone = journal.spec("q").includes("j").phase("init", 7);
          all.start(alone, StartType.TEMPORARY);
          assertEquals(List.of("q start", "q phase init 7"), journal.take());
        });
  }

  @Test
  @DisplayName("AP5 a phase that fails stops the top supervisor, and the start fails")
  void phaseFails() {
    simulate(
        node -> {
          Journal journal = new Journal();
          IllegalStateException error = new IllegalStateException("no");
          ApplicationSpec spec =
              ApplicationSpec.of(
                      "a",
                      () ->
                          journal.new Written("a") {
                            @Override
                            public void startPhase(Context self, Phase phase) {
                              throw error;
                            }
                          })
                  .phase("go", "");
          Applications all = Applications.launch(node, with(spec));
          assertEquals(
              new ApplicationProblem.Crashed("a", "startPhase", ExitReason.crashed(error)),
              problem(() -> all.start("a")));
          assertEquals(List.of("a start", "a tree shutdown"), journal.take());
          assertEquals(List.of(), names(all));
        });
  }

  @Test
  @DisplayName("APP-015 what an application includes is loaded with it, and not started")
  void included() {
    simulate(
        node -> {
          Journal journal = new Journal();
          Applications all =
              Applications.launch(
                  node,
                  with(
                      journal.spec("a").includes("b"),
                      journal.spec("b").includes("c"),
                      journal.spec("c"),
                      journal.spec("lost").includes("c", "missing")));
          all.load("a");
          assertEquals(List.of("a", "b", "c"), loaded(all));
          assertEquals(new ApplicationProblem.AlreadyLoaded("a"), problem(() -> all.load("a")));
          all.start("a");
          assertEquals(List.of("a"), names(all));
          assertEquals(new ApplicationProblem.Running("a"), problem(() -> all.unload("a")));
          all.stop("a");
          all.unload("a");
          assertEquals(List.of(), loaded(all));
          assertEquals(new ApplicationProblem.NotLoaded("a"), problem(() -> all.unload("a")));
          assertEquals(new ApplicationProblem.Unknown("missing"), problem(() -> all.load("lost")));
          assertEquals(List.of(), loaded(all));
        });
  }

  private static List<String> loaded(Applications all) {
    return all.loaded().stream().map(ApplicationSpec::name).toList();
  }

  @Test
  @DisplayName(
      "APP-016 the controller answers while an application starts, which is not running yet")
  void slowStart() {
    simulate(
        node -> {
          Applications all =
              Applications.launch(node, with(slow("slow"), ApplicationSpec.library("lib")));
          all.start("lib");
          Pid starter = node.spawn(self -> all.start("slow"));
          node.advance(Duration.ofMillis(500));
          assertEquals(List.of("lib"), names(all));
          assertEquals(
              new ApplicationProblem.NotStarted("slow", null), problem(() -> all.stop("slow")));
          assertTrue(node.isAlive(starter));
          node.advance(SECOND);
          assertEquals(List.of("lib", "slow"), names(all));
        });
  }

  @Test
  @DisplayName(
      "APP-026 a start that returns no result is a bad return, and one that throws a crash")
  @SuppressWarnings("NullAway") // null is what the test is about
  void badReturn() {
    simulate(
        node -> {
          IllegalStateException error = new IllegalStateException("in start");
          Applications all =
              Applications.launch(
                  node,
                  with(
                      ApplicationSpec.of("null", () -> (Application<Pid>) (self, settings) -> null),
                      ApplicationSpec.of("self", () -> (self, settings) -> Startup.ok(self.pid())),
                      ApplicationSpec.of(
                          "exit",
                          () ->
                              (Application<Pid>)
                                  (self, settings) -> {
                                    throw self.exit(ExitReason.of("out"));
                                  }),
                      ApplicationSpec.of(
                          "throw",
                          () ->
                              (Application<Pid>)
                                  (self, settings) -> {
                                    throw error;
                                  }),
                      ApplicationSpec.of("down", failing())));
          assertEquals(
              new ApplicationProblem.BadReturn("null", "null"), problem(() -> all.start("null")));
          assertInstanceOf(ApplicationProblem.BadReturn.class, problem(() -> all.start("self")));
          assertEquals(
              new ApplicationProblem.Crashed("exit", "start", ExitReason.of("out")),
              problem(() -> all.start("exit")));
          assertEquals(
              new ApplicationProblem.Crashed("throw", "start", ExitReason.crashed(error)),
              problem(() -> all.start("throw")));
          assertInstanceOf(ApplicationProblem.Refused.class, problem(() -> all.start("down")));
          assertEquals(List.of(), names(all));
          assertEquals(5, node.reports(ApplicationReport.NotStarted.class).size());
        });
  }

  /** A supervisor whose child does not start. */
  private static Supervisor failing() {
    return Supervisor.oneForOne()
        .child(ChildSpec.starting("child", self -> StartResult.failed(ExitReason.of("no"))));
  }

  @Test
  @DisplayName(
      "APP-027 what needs an application that did not start is told which; all else goes on")
  void neededOneFailed() {
    simulate(
        node -> {
          Journal journal = new Journal();
          Applications all =
              Applications.launch(
                  node,
                  with(
                      ApplicationSpec.of(
                          "bad",
                          () ->
                              (Application<Pid>)
                                  (self, settings) -> {
                                    throw new IllegalStateException("crashed");
                                  }),
                      journal.spec("a").requires("bad"),
                      journal.spec("b")));
          assertInstanceOf(ApplicationProblem.Crashed.class, problem(() -> all.start("bad")));
          assertEquals(
              new ApplicationProblem.NotStarted("bad", "a"), problem(() -> all.start("a")));
          all.start("b");
          assertEquals(List.of("b"), names(all));
        });
  }

  @Test
  @DisplayName(
      "APP-030 all processes below an application belong to it, whoever they are linked with")
  void membership() {
    simulate(
        node -> {
          List<Pid> members = new ArrayList<>();
          ApplicationSpec spec =
              ApplicationSpec.of(
                      "a",
                      () ->
                          (self, settings) -> {
                            members.add(self.pid());
                            Pid top = self.spawnLink(in -> chain(in, 3, members));
                            members.add(top);
                            return Startup.ok(top);
                          })
                  .setting(ConfigKey.text("colour"), "green");
          Applications all = Applications.launch(node, with(spec, new Journal().spec("b")));
          all.start("a");
          all.start("b");
          node.runUntilIdle();
          assertEquals(5, members.size());
          for (Pid member : members) {
            assertEquals("a", all.applicationOf(member).orElseThrow());
          }
          Pid stranger = node.spawn(in -> in.receive());
          assertTrue(all.applicationOf(stranger).isEmpty());
          assertTrue(all.environmentOf(stranger).isEmpty());
          Environment own = all.environmentOf(members.getLast()).orElseThrow();
          assertEquals("green", own.get(ConfigKey.text("colour")));
          assertEquals(
              "b", all.applicationOf(node.whereis("top of b").orElseThrow()).orElseThrow());

          all.stop("a");
          for (Pid member : members) {
            assertTrue(!node.isAlive(member), () -> member + " has outlived its application");
          }
        });
  }

  /** Processes that are linked with nobody, spawned by each other, of which some end at once. */
  private static void chain(Context self, int depth, List<Pid> members) {
    if (depth > 0) {
      Pid _ =
          self.node()
              .spawn(
                  between -> {
                    members.add(between.spawn(in -> chain(in, depth - 1, members)));
                  });
    }
    self.receive();
  }

  @Test
  @DisplayName("AP4 a library runs without a process, and callbacks may start other applications")
  void library() {
    simulate(
        node -> {
          ApplicationSpec opener =
              ApplicationSpec.of(
                  "opener",
                  () ->
                      (self, settings) -> {
                        Applications.of(self).start("lib");
                        return Startup.ok(Supervisor.oneForOne().start(self).pid());
                      });
          Applications all =
              Applications.launch(node, with(opener, ApplicationSpec.library("lib")));
          all.start("opener");
          assertEquals(List.of("lib", "opener"), names(all));
          all.stop("lib");
          assertEquals(List.of("opener"), names(Applications.of(node)));
        });
  }

  @Test
  @DisplayName("a callback that stops its own application is told that it would wait for itself")
  void stopsItself() {
    simulate(
        node -> {
          List<ExitReason> reasons = new ArrayList<>();
          ApplicationSpec spec =
              ApplicationSpec.of(
                  "a",
                  () ->
                      new Application<Pid>() {
                        @Override
                        public Startup<Pid> start(Context self, Environment settings) {
                          return Startup.ok(Supervisor.oneForOne().start(self).pid());
                        }

                        @Override
                        public Pid prepStop(Context self, Pid top) {
                          CallFailed failed =
                              assertThrows(CallFailed.class, () -> Applications.of(self).stop("a"));
                          reasons.add(failed.reason());
                          return top;
                        }
                      });
          Applications all = Applications.launch(node, with(spec));
          all.start("a");
          all.stop("a");
          assertEquals(List.of(ExitReason.CALLING_SELF), reasons);
        });
  }

  @Test
  @DisplayName("the shop of the documentation starts, and a node has one controller")
  void shop() {
    simulate(
        node -> {
          IllegalStateException none =
              assertThrows(IllegalStateException.class, () -> Applications.of(node));
          assertTrue(String.valueOf(none.getMessage()).contains("Applications.launch"));
          Applications all = Shop.open(node);
          assertEquals(List.of("books", "shop"), names(all));
          assertTrue(node.whereis("shop-8080").isPresent());
          assertThrows(RuntimeException.class, () -> Applications.launch(node, with()));
        });
  }
}
