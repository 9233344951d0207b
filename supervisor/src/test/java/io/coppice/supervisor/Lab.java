package io.coppice.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Report;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A node with a process that is the test: it starts supervisors, is told of every start and orderly
 * end of its workers, and waits for messages instead of sleeping.
 *
 * <p>Why that gives an order: a start function tells the test of the new worker before the
 * supervisor goes on, and a worker says goodbye before it ends, which is before the supervisor
 * stops the next one. The Exit for the supervisor is sent before the Down for the test, so once the
 * test has seen the Down, its next request is behind the Exit in the supervisor's mailbox.
 */
final class Lab {
  private static final int SEEDS = 50;
  private static final Duration LIMIT = Duration.ofSeconds(20);

  final Context self;
  private final Supplier<List<Report>> reports;
  private final Map<String, Deque<StartResult>> scripts = new ConcurrentHashMap<>();
  private final Set<String> broken = ConcurrentHashMap.newKeySet();

  private Lab(Context self, Supplier<List<Report>> reports) {
    this.self = self;
    this.reports = reports;
  }

  /** What a test does. */
  interface Experiment {
    void run(Lab lab) throws Exception;
  }

  /** A worker was started. */
  record Up(String id, Pid pid) {}

  /** A worker was told to stop and obeys. */
  record Bye(String id) {}

  /** Tells a worker to end. */
  record Die(ExitReason reason) {}

  /** Runs a test in many orders and then once for real. */
  static void run(Experiment experiment) throws Exception {
    simulate(experiment);
    runOnNode(experiment);
  }

  /** Runs a test as a process that traps exits, in many orders, on virtual time. */
  static void simulate(Experiment experiment) {
    TestNode.forSeeds(
        SEEDS,
        node ->
            node.run(
                self -> {
                  self.trapExit(true);
                  experiment.run(new Lab(self, node::reports));
                }));
  }

  /** Runs a test as a process that traps exits, on a node with real time and real threads. */
  static void runOnNode(Experiment experiment) throws Exception {
    List<Report> reports = new CopyOnWriteArrayList<>();
    CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    try (Node node = Node.start(NodeOptions.DEFAULT.withReporter(reports::add))) {
      node.spawn(
          self -> {
            self.trapExit(true);
            try {
              experiment.run(new Lab(self, () -> reported(node, reports)));
              done.complete(null);
            } catch (Exception | AssertionError failed) {
              done.completeExceptionally(failed);
            }
          });
      done.get(240, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof AssertionError assertion) {
        throw assertion;
      }
      throw failed;
    } catch (TimeoutException late) {
      throw new AssertionError("The test did not end; reports: " + texts(reports), late);
    }
  }

  // ---- workers

  /** A permanent worker without a name that obeys {@link Die} and says {@link Bye} when stopped. */
  ChildSpec worker(String id) {
    return ChildSpec.starting(id, supervisor -> start(supervisor, id, true));
  }

  /** A worker that neither ends nor says anything when it is told to stop. */
  ChildSpec stubborn(String id) {
    return ChildSpec.starting(id, supervisor -> start(supervisor, id, false));
  }

  /** A template whose children are called after their argument. */
  ChildSpec template() {
    return ChildSpec.taking(
        "template", String.class, (supervisor, id) -> start(supervisor, id, true));
  }

  private StartResult start(Context supervisor, String id, boolean obedient) {
    if (broken.contains(id)) {
      return StartResult.failed(ExitReason.of("no " + id));
    }
    Deque<StartResult> script = scripts.get(id);
    StartResult scripted = script == null ? null : script.pollFirst();
    if (scripted != null) {
      return scripted;
    }
    return StartResult.ok(spawn(supervisor, id, obedient));
  }

  Pid spawn(Context supervisor, String id, boolean obedient) {
    Pid test = self.pid();
    // Not just spawned: told to stop before its first turn, it would not trap exits yet.
    Pid pid =
        supervisor
            .start(new Worker(id, test, obedient), SpawnOptions.DEFAULT.link(), "init", null)
            .pid();
    supervisor.send(test, new Up(id, pid));
    return pid;
  }

  /** The next starts of the worker with this id give these results; then it starts as usual. */
  void script(String id, StartResult... results) {
    Deque<StartResult> script = scripts.computeIfAbsent(id, _ -> new ConcurrentLinkedDeque<>());
    script.addAll(List.of(results));
  }

  /** From now on the worker with this id cannot be started. */
  void breakStart(String id) {
    broken.add(id);
  }

  /** Lets a process end by itself, and returns when its links and monitors know. */
  void end(Pid pid, ExitReason reason) {
    Ref monitor = self.monitor(pid);
    self.send(pid, new Die(reason));
    awaitDown(monitor);
  }

  void crash(Pid pid) {
    end(pid, ExitReason.of("boom"));
  }

  // ---- waiting

  /** The pid of the worker with this id that was started next. */
  Pid up(String id) {
    return ((Up) await(message -> message instanceof Up up && up.id().equals(id))).pid();
  }

  /** What happened next among starts and orderly stops, in order; exactly these. */
  void assertNext(String... expected) {
    List<String> actual = new ArrayList<>();
    for (int i = 0; i < expected.length; i++) {
      actual.add(shown(await(Lab::isStep)));
    }
    assertEquals(List.of(expected), actual);
  }

  /** Nothing of the kind has happened since. */
  void assertNothingNext() {
    Object step = self.receive(Lab::isStep, Duration.ZERO).orElse(null);
    assertEquals("nothing", step == null ? "nothing" : shown(step));
  }

  private static boolean isStep(Object message) {
    return message instanceof Up || message instanceof Bye;
  }

  private static String shown(Object step) {
    return step instanceof Up up ? "start " + up.id() : "stop " + ((Bye) step).id();
  }

  Object await(Predicate<Object> matching) {
    return self.receive(matching, LIMIT)
        .orElseThrow(
            () ->
                new AssertionError(
                    "nothing came within " + LIMIT + "; reports: " + texts(reports())));
  }

  ExitReason awaitDown(Ref monitor) {
    return ((Down) await(message -> message instanceof Down down && down.ref().equals(monitor)))
        .reason();
  }

  /** Why a process ended; noproc if it is not there any more. */
  ExitReason awaitEnd(Pid pid) {
    return awaitDown(self.monitor(pid));
  }

  /** Why a process that is linked with the test ended. */
  ExitReason awaitExit(Pid pid) {
    return ((Exit) await(message -> message instanceof Exit exit && exit.from().equals(pid)))
        .reason();
  }

  // ---- looking

  /** {@code id=status} in start order. */
  static List<String> children(SupervisorRef supervisor) {
    return supervisor.whichChildren().reversed().stream()
        .map(info -> info.id() + "=" + info.status())
        .toList();
  }

  private static List<Report> reported(Node node, List<Report> reports) {
    try {
      assertTrue(node.awaitReports(LIMIT), "the reports do not arrive");
      return reports;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static Pid pid(SupervisorRef supervisor, String id) {
    Pid pid = supervisor.whichChild(id).orElseThrow().pid();
    assertTrue(pid != null, id + " is not running");
    return Objects.requireNonNull(pid);
  }

  List<Report> reports() {
    return reports.get();
  }

  List<SupervisorReport> errors() {
    return reports().stream()
        .filter(SupervisorReport.class::isInstance)
        .map(SupervisorReport.class::cast)
        .toList();
  }

  /** {@code context id reason} of each error report so far. */
  List<String> errorLines() {
    return errors().stream()
        .map(report -> report.context() + " " + report.offender().id() + " " + report.reason())
        .toList();
  }

  private static List<String> texts(List<Report> reports) {
    return reports.stream().map(Report::text).toList();
  }
}
