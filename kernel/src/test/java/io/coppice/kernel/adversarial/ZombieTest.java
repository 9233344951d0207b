package io.coppice.kernel.adversarial;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Knob;
import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.DumpOptions;
import io.coppice.kernel.process.DumpOptions.Stacks;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessExit;
import io.coppice.kernel.process.Report;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.Zombie;
import io.coppice.kernel.process.ZombieLimitReport;
import io.coppice.kernel.process.ZombieReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Code that still runs although its process was declared dead: seen by operators, by nobody else.
 */
class ZombieTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final List<Report> reports = new CopyOnWriteArrayList<>();
  private final AtomicBoolean stop = new AtomicBoolean();
  private final Node node =
      Node.start(
          NodeOptions.DEFAULT
              .withSchedulers(2)
              .withKillGrace(Duration.ofMillis(1))
              .withShutdownTime(Duration.ZERO)
              .with(Knob.ZOMBIE_LIMIT, 3)
              .withReporter(reports::add));

  @AfterEach
  void close() {
    stop.set(true);
    await("no zombie is left").atMost(LIMIT).until(() -> node.zombieCount() == 0);
    node.close();
  }

  private void loopWithoutEnd() {
    while (!stop.get()) {
      Thread.onSpinWait();
    }
  }

  private Pid makeZombie(SpawnOptions options) throws Exception {
    CountDownLatch looping = new CountDownLatch(1);
    Pid pid =
        node.spawn(
            self -> {
              looping.countDown();
              loopWithoutEnd();
            },
            options);
    assertTrue(looping.await(20, SECONDS));
    node.exit(pid, ExitReason.KILL);
    assertFalse(node.isAlive(pid));
    return pid;
  }

  private List<ZombieReport> zombieReports() {
    return reports.stream()
        .filter(ZombieReport.class::isInstance)
        .map(ZombieReport.class::cast)
        .toList();
  }

  /** An operation, by a zombie. */
  private interface Attempt {
    void run() throws Exception;
  }

  @Test
  @DisplayName("whatever a zombie tries through its node, or another one, changes nothing")
  void changesNothing() throws Exception {
    try (Node other = Node.start(NodeOptions.DEFAULT.withSchedulers(1))) {
      List<Object> received = new CopyOnWriteArrayList<>();
      Pid witness = node.spawn((self, message) -> received.add(message));
      Pid stranger = other.spawn((self, message) -> received.add(message));
      CompletableFuture<Request> handedOver = new CompletableFuture<>();
      Pid server = node.spawn((self, message) -> handedOver.complete((Request) message));
      CompletableFuture<?> answer = node.request(server, "for the zombie to answer");
      Request request = handedOver.get(20, SECONDS);
      CountDownLatch looping = new CountDownLatch(1);
      AtomicBoolean act = new AtomicBoolean();
      CompletableFuture<Map<String, String>> outcomes = new CompletableFuture<>();
      Pid zombie =
          node.spawn(
              self -> {
                looping.countDown();
                while (!act.get() && !stop.get()) {
                  Thread.onSpinWait();
                }
                outcomes.complete(tryAll(self, other, witness, stranger, request));
              });
      assertTrue(looping.await(20, SECONDS));
      node.exit(zombie, ExitReason.KILL);
      assertFalse(node.isAlive(zombie));
      int processes = node.processCount();
      int timers = node.timerCount();
      act.set(true);
      Map<String, String> seen = outcomes.get(20, SECONDS);
      assertEquals(Map.of(), seen, "these were not refused");
      assertEquals(List.of(), received);
      assertFalse(answer.isDone(), "its answer counted");
      assertEquals(processes, node.processCount(), "it spawned");
      assertTrue(node.timerCount() <= timers, "it started a timer");
      assertTrue(node.registered().isEmpty() && other.registered().isEmpty(), "it registered");
      assertTrue(node.isAlive(witness));
      node.send(witness, "last");
      await().atMost(LIMIT).until(() -> received.equals(List.of("last")));
    }
  }

  /** What was not refused. */
  private static Map<String, String> tryAll(
      Context self, Node other, Pid witness, Pid stranger, Request request) {
    Map<String, Attempt> all = new LinkedHashMap<>();
    all.put("send", () -> self.send(witness, "zombie"));
    all.put("send by the node", () -> self.node().send(witness, "zombie"));
    all.put("send elsewhere", () -> other.send(stranger, "zombie"));
    all.put("register", () -> self.register("zombie", witness));
    all.put("register itself", () -> self.register("zombie", self.pid()));
    all.put("register elsewhere", () -> other.register("zombie", stranger));
    all.put("timer", () -> self.sendAfter(Duration.ZERO, witness, "zombie"));
    all.put("timer elsewhere", () -> other.sendAfter(Duration.ZERO, stranger, "zombie"));
    all.put("link", () -> self.link(witness));
    all.put("unlink", () -> self.unlink(witness));
    all.put("monitor", () -> self.monitor(witness));
    all.put("spawn", () -> self.spawn(me -> me.receive()));
    all.put("spawn monitor", () -> self.spawnMonitor(me -> me.receive()));
    all.put("spawn elsewhere", () -> other.spawn(me -> me.receive()));
    all.put("exit", () -> self.exit(witness, ExitReason.KILL));
    all.put("exit elsewhere", () -> other.exit(stranger, ExitReason.KILL));
    all.put("call", () -> self.call(witness, "zombie", Duration.ofSeconds(1)));
    all.put("request", () -> self.request(witness, "zombie").get(1, TimeUnit.SECONDS));
    all.put("send request", () -> self.sendRequest(witness, "zombie"));
    all.put("receive", () -> self.receive(Duration.ZERO));
    all.put("trap exits", () -> self.trapExit(true));
    all.put("sleep", () -> self.sleep(Duration.ZERO));
    all.put("yield", self::yieldNow);
    all.put("checkpoint", self::checkpoint);
    all.put("blocking", () -> self.blocking(() -> "zombie"));
    all.put("whereis", () -> self.whereis("zombie"));
    all.put("put", () -> self.put("a", "b"));
    all.put("become", () -> self.become((me, message) -> {}));
    Map<String, String> notRefused = new LinkedHashMap<>();
    all.forEach((name, attempt) -> tryOne(name, attempt, notRefused));
    if (request.reply("zombie") || request.fail(ExitReason.of("zombie"))) {
      notRefused.put("reply", "true");
    }
    return notRefused;
  }

  private static void tryOne(String name, Attempt attempt, Map<String, String> notRefused) {
    try {
      attempt.run();
      notRefused.put(name, "done");
    } catch (ProcessExit refused) {
      // as it should
    } catch (Exception | Error other) {
      notRefused.put(name, other.toString());
    }
  }

  @Test
  @DisplayName("zombies are listed with name, reason, age and the stack they have now")
  void listed() throws Exception {
    Pid pid = makeZombie(SpawnOptions.DEFAULT.name("walker").label("of the dead"));
    Zombie zombie = node.zombies().getFirst();
    assertEquals(1, node.zombies().size());
    assertEquals(pid, zombie.pid());
    assertEquals("walker", zombie.name());
    assertEquals("of the dead", zombie.label());
    assertEquals(ExitReason.KILLED, zombie.reason());
    assertTrue(zombie.age().isPositive());
    assertTrue(zombie.stack().toString().contains("loopWithoutEnd"), "stack: " + zombie.stack());
    String dump = node.dump();
    assertTrue(
        dump.lines()
            .anyMatch(
                line ->
                    line.matches(
                        "  <1> 'walker' \\[of the dead] .*: ended [0-9.]+ .?s ago, killed")),
        dump);
    assertTrue(
        dump.lines().anyMatch(line -> line.matches("    at .*ZombieTest.loopWithoutEnd\\(.*")),
        dump);
    assertFalse(node.dump(DumpOptions.DEFAULT.withStacks(Stacks.NONE)).contains("    at "));
    stop.set(true);
    await().atMost(LIMIT).until(() -> node.zombies().isEmpty());
    assertFalse(node.dump().contains("walker"));
  }

  @Test
  @DisplayName("what a zombie tries is counted: by the node, in its entry, and in its last report")
  void refusals() throws Exception {
    Pid witness = node.spawn((self, message) -> {});
    CompletableFuture<Request> handedOver = new CompletableFuture<>();
    Pid server = node.spawn((self, message) -> handedOver.complete((Request) message));
    CompletableFuture<?> _ = node.request(server, "for the zombie to answer");
    Request request = handedOver.get(20, SECONDS);
    CountDownLatch looping = new CountDownLatch(1);
    AtomicBoolean act = new AtomicBoolean();
    CountDownLatch tried = new CountDownLatch(1);
    Pid zombie =
        node.spawn(
            self -> {
              looping.countDown();
              while (!act.get()) {
                Thread.onSpinWait();
              }
              for (int i = 0; i < 3; i++) {
                try {
                  self.send(witness, "zombie");
                } catch (ProcessExit refused) {
                  // and it goes on
                }
              }
              boolean _ = request.reply("zombie");
              tried.countDown();
              loopWithoutEnd();
            });
    assertTrue(looping.await(20, SECONDS));
    node.exit(zombie, ExitReason.KILL);
    await().atMost(LIMIT).until(() -> node.zombieCount() == 1);
    act.set(true);
    assertTrue(tried.await(20, SECONDS));
    assertEquals(4, node.zombies().getFirst().refused());
    assertEquals(4, node.counters().refusedToZombies());
    assertTrue(node.dump().contains("  zombies     1; refused so far: 4 operations\n"), node::dump);
    assertTrue(node.dump().contains(", killed; 4 operations refused\n"), node::dump);
    stop.set(true);
    await().atMost(LIMIT).until(() -> node.zombieCount() == 0);
    assertTrue(node.awaitReports(LIMIT));
    ZombieReport last = zombieReports().getLast(); // of others there may be one of a long turn
    assertEquals(4, last.refused());
    assertTrue(last.text().contains(" 4 were refused"), last::text);
  }

  @Test
  @DisplayName("each zombie is reported when it is made, and when its code has returned")
  void reported() throws Exception {
    List<Pid> pids = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      pids.add(makeZombie(SpawnOptions.DEFAULT));
    }
    stop.set(true);
    await().atMost(LIMIT).until(() -> node.zombieCount() == 0);
    assertTrue(node.awaitReports(LIMIT));
    for (Pid pid : pids) {
      List<ZombieReport> own =
          zombieReports().stream().filter(report -> report.pid().equals(pid)).toList();
      assertEquals(List.of(false, true), own.stream().map(ZombieReport::ended).toList());
    }
  }

  @Test
  @DisplayName("more zombies than the limit are reported once, and the node says that it is ill")
  void limit() throws Exception {
    for (int i = 0; i < 3; i++) {
      makeZombie(SpawnOptions.DEFAULT);
    }
    assertEquals(List.of(), node.problems());
    makeZombie(SpawnOptions.DEFAULT);
    makeZombie(SpawnOptions.DEFAULT);
    assertEquals(1, node.problems().size());
    assertTrue(node.awaitReports(LIMIT));
    List<Report> alarms = reports.stream().filter(ZombieLimitReport.class::isInstance).toList();
    assertEquals(List.of(4), alarms.stream().map(r -> ((ZombieLimitReport) r).zombies()).toList());
    stop.set(true);
    await().atMost(LIMIT).until(() -> node.zombieCount() == 0);
    assertEquals(List.of(), node.problems());
  }

  @Test
  @DisplayName("a message that was sent before the end was decided comes before the news of it")
  void nothingComesAfterDown() throws Exception {
    // The default grace time: who gets no processor for twice as long, in the middle of a send, is
    // cut off there.
    try (Node node = Node.start(NodeOptions.DEFAULT.withSchedulers(2).withReporter(reports::add))) {
      for (int i = 0; i < 300; i++) {
        assertEquals("nothing", get(afterDown(node)), "round " + i);
      }
    }
  }

  private static CompletableFuture<Object> afterDown(Node node) {
    CompletableFuture<Object> last = new CompletableFuture<>();
    CountDownLatch sending = new CountDownLatch(1);
    node.spawn(
        self -> {
          Pid sender =
              self.spawnMonitor(
                      me -> {
                        sending.countDown();
                        while (true) {
                          me.send(self.pid(), "message");
                        }
                      })
                  .pid();
          sending.await();
          self.exit(sender, ExitReason.KILL);
          Object next = self.receive();
          while (next.equals("message")) {
            next = self.receive();
          }
          last.complete(self.receive(Duration.ZERO).orElse("nothing"));
        });
    return last;
  }

  private static Object get(CompletableFuture<Object> future) throws Exception {
    try {
      return future.get(20, SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("the process was not told", e);
    }
  }

  @Test
  @DisplayName("a zombie that ends while its requests fail leaves its scheduler to others")
  void endsWhileItsRequestsFail() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    CountDownLatch waiting = new CountDownLatch(1);
    CountDownLatch othersRan = new CountDownLatch(1);
    NodeOptions options =
        NodeOptions.DEFAULT
            .withSchedulers(1)
            .withStuckLimit(Duration.ofSeconds(10))
            .withKillGrace(Duration.ofMillis(1));
    try (Node one = Node.start(options)) {
      Pid other = one.spawn((self, message) -> othersRan.countDown());
      Pid zombie =
          one.spawn(
              self -> {
                Object _ = self.receive();
                waiting.countDown();
                while (!over.get()) {
                  LockSupport.parkNanos(1_000_000);
                  boolean _ = Thread.interrupted();
                }
              });
      CompletableFuture<Boolean> ran =
          one.request(zombie, "never answered")
              .handle(
                  (answer, failure) -> {
                    over.set(true);
                    one.send(other, "go on");
                    return waitFor(othersRan);
                  });
      assertTrue(waiting.await(20, SECONDS));
      one.spawn(
          self -> {
            one.exit(zombie, ExitReason.KILL);
            while (!over.get()) { // so that neither the zombie nor its scheduler's timers can go on
              Thread.onSpinWait();
            }
          });
      assertTrue(ran.get(20, SECONDS), "nobody ran beside the zombie");
      await("it ends").atMost(LIMIT).until(() -> one.zombieCount() == 0);
    }
  }

  private static boolean waitFor(CountDownLatch latch) {
    try {
      return latch.await(3, SECONDS);
    } catch (InterruptedException e) {
      return false;
    }
  }
}
