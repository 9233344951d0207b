package io.coppice.kernel.adversarial;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.MailboxLimit;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.Response;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.Timeout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What is done at the end of a stack, and what is to be seen of it afterwards. */
@SuppressWarnings("ImmutableEnumChecker") // its function captures nothing
enum StackEndScene {
  SEND_TO_IDLE(StackEndScene::sendToIdle),
  SEND_TO_WAITING(StackEndScene::sendToWaiting),
  SEND_TO_FULL(StackEndScene::sendToFull),
  SEND_MANY(StackEndScene::sendMany),
  SPAWN_MANY(StackEndScene::spawnMany),
  RECEIVE(StackEndScene::receive),
  SPAWN(StackEndScene::spawn),
  SPAWN_MONITOR(StackEndScene::spawnMonitor),
  CALL(StackEndScene::call),
  REPLY(StackEndScene::reply),
  REQUEST(StackEndScene::request),
  MONITOR(StackEndScene::monitor),
  EXIT(StackEndScene::exit),
  TIMER(StackEndScene::timer),
  NAME(StackEndScene::name),
  WAITS(StackEndScene::waits);

  static final Duration LIMIT = Duration.ofSeconds(20);

  /** Runs in a process: does something at the end of the stack, then checks what came of it. */
  @FunctionalInterface
  interface Play {
    void run(Context self, int salt) throws Exception;
  }

  private final Play play;

  StackEndScene(Play play) {
    this.play = play;
  }

  /** By a process: plays it. */
  void play(Context self, int salt) throws Exception {
    play.run(self, salt);
  }

  // ---- messages

  /** Counts messages, and tells how many. */
  private static final class Counter implements Reactive {
    private int count;

    @Override
    public void onMessage(Context self, Object message) {
      if (message instanceof Request request) {
        assertTrue(request.reply(count));
      } else {
        count++;
      }
    }
  }

  static void answer(Context self) {
    int count = 0;
    while (true) {
      if (self.receive() instanceof Request request) {
        assertTrue(request.reply(count));
      } else {
        count++;
      }
    }
  }

  private static void sendToIdle(Context self, int salt) throws Exception {
    sendTo(self, salt, () -> self.spawnLink(new Counter()));
  }

  private static void sendToWaiting(Context self, int salt) throws Exception {
    sendTo(self, salt, () -> self.spawnLink((ProcessBody) StackEndScene::answer));
  }

  private static void sendToFull(Context self, int salt) throws Exception {
    MailboxLimit one = MailboxLimit.suspending(1, LIMIT);
    sendTo(
        self, salt, () -> self.spawn(new Counter(), SpawnOptions.DEFAULT.link().mailboxLimit(one)));
  }

  @FunctionalInterface
  private interface Receivers {
    Pid next();
  }

  /** Each message goes to a process that has nothing to do. */
  private static void sendTo(Context self, int salt, Receivers receivers) throws Exception {
    List<Pid> all = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      all.add(receivers.next());
    }
    for (Pid receiver : all) {
      assertEquals(0, self.call(receiver, "count", LIMIT));
    }
    boolean[] sent = new boolean[all.size()];
    int[] attempts = new int[all.size()];
    StackEnd.reach(
        salt,
        level -> {
          int to = level % sent.length;
          attempts[to]++;
          self.send(all.get(to), "message");
          sent[to] = true;
        });
    for (int i = 0; i < sent.length; i++) {
      int arrived = (int) Objects.requireNonNull(self.call(all.get(i), "count", LIMIT));
      assertTrue(arrived <= attempts[i], "more than were sent");
      assertTrue(arrived > 0 || !sent[i], "a message is lost");
      self.unlink(all.get(i));
      self.exit(all.get(i), ExitReason.KILL);
    }
  }

  /** More than the receiver can take meanwhile: the sender gives way to it in the middle. */
  private static void sendMany(Context self, int salt) throws Exception {
    Pid receiver = self.spawnLink(new Counter());
    AtomicInteger sent = new AtomicInteger();
    StackEnd.reach(
        salt,
        level -> {
          for (int i = 0; i < 40; i++) {
            self.send(receiver, "message");
            sent.getAndIncrement();
          }
        });
    assertEquals(sent.get(), self.call(receiver, "count", LIMIT), "sends that threw or not");
    self.unlink(receiver);
    self.exit(receiver, ExitReason.KILL);
  }

  private static void spawnMany(Context self, int salt) throws Exception {
    AtomicInteger spawned = new AtomicInteger();
    AtomicInteger ran = new AtomicInteger();
    StackEnd.reach(
        salt,
        level -> {
          for (int i = 0; i < 20; i++) {
            self.spawn((ProcessBody) child -> ran.getAndIncrement());
            spawned.getAndIncrement();
          }
        });
    await().atMost(LIMIT).until(() -> ran.get() >= spawned.get());
    assertEquals(spawned.get(), ran.get(), "spawns that threw or not");
  }

  private static void receive(Context self, int salt) throws Exception {
    int messages = 500;
    for (int i = 0; i < messages; i++) {
      self.send(self.pid(), i);
    }
    List<Object> received = new ArrayList<>();
    StackEnd.reach(
        salt, level -> self.receive(Duration.ofMillis(level % 2)).ifPresent(received::add));
    Optional<Object> left = self.receive(Duration.ZERO);
    while (left.isPresent()) {
      received.add(left.get());
      left = self.receive(Duration.ZERO);
    }
    for (int i = 0; i < messages; i++) {
      assertEquals(i, received.get(i));
    }
  }

  // ---- processes

  private static void spawn(Context self, int salt) throws Exception {
    Set<Integer> ran = ConcurrentHashMap.newKeySet();
    List<Integer> spawned = new ArrayList<>();
    StackEnd.reach(
        salt,
        level -> {
          self.spawn((ProcessBody) child -> ran.add(level));
          spawned.add(level);
        });
    await().atMost(LIMIT).until(() -> ran.containsAll(spawned));
  }

  private static void spawnMonitor(Context self, int salt) throws Exception {
    Set<Ref> monitors = new HashSet<>();
    StackEnd.reach(salt, level -> monitors.add(self.spawnMonitor(child -> {}).monitor()));
    expectDowns(self, monitors);
  }

  private static void expectDowns(Context self, Set<Ref> monitors) {
    while (!monitors.isEmpty()) {
      Optional<Object> message = self.receive(LIMIT);
      Down down = (Down) message.orElseThrow(() -> new AssertionError(monitors.size() + " left"));
      monitors.remove(down.ref());
    }
  }

  private static void monitor(Context self, int salt) throws Exception {
    List<Pid> targets = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      targets.add(self.spawn(new Counter()));
    }
    Set<Ref> monitors = new HashSet<>();
    StackEnd.reach(
        salt,
        level -> {
          Ref monitor = self.monitor(targets.get(level % targets.size()));
          if (level % 3 == 0) {
            self.demonitor(monitor);
          } else {
            monitors.add(monitor);
          }
        });
    for (Pid target : targets) {
      assertEquals(0, self.call(target, "count", LIMIT));
      self.exit(target, ExitReason.KILL);
    }
    expectDowns(self, monitors);
  }

  private static void exit(Context self, int salt) throws Exception {
    List<Pid> victims = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      victims.add(self.spawn(new Counter()));
    }
    boolean[] told = new boolean[victims.size()];
    StackEnd.reach(
        salt,
        level -> {
          int to = level % told.length;
          self.exit(victims.get(to), ExitReason.SHUTDOWN);
          told[to] = true;
        });
    for (int i = 0; i < told.length; i++) {
      Ref monitor = self.monitor(victims.get(i));
      if (!told[i]) {
        self.exit(victims.get(i), ExitReason.KILL);
      }
      expectDowns(self, new HashSet<>(Set.of(monitor)));
    }
  }

  // ---- requests

  private static void call(Context self, int salt) throws Exception {
    Pid counter = self.spawnLink(new Counter());
    Pid waiting = self.spawnLink((ProcessBody) StackEndScene::answer);
    StackEnd.reach(
        salt, level -> assertEquals(0, self.call(level % 2 == 0 ? counter : waiting, 1, LIMIT)));
    for (Pid server : List.of(counter, waiting)) {
      assertEquals(0, self.call(server, "count", LIMIT));
      self.unlink(server);
      self.exit(server, ExitReason.KILL);
    }
  }

  private static void reply(Context self, int salt) throws Exception {
    int callers = 500;
    AtomicInteger answered = new AtomicInteger();
    for (int i = 0; i < callers; i++) {
      int level = i;
      self.spawn(
          (ProcessBody)
              caller -> {
                assertEquals(level, caller.call(self.pid(), level, null));
                answered.getAndIncrement();
              });
    }
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      requests.add((Request) self.receive(LIMIT).orElseThrow());
    }
    StackEnd.reach(
        salt,
        level -> {
          Request request = requests.get(level % callers);
          request.reply(request.payload());
        });
    for (Request request : requests) {
      boolean _ = request.reply(request.payload());
    }
    await().atMost(LIMIT).until(() -> answered.get() == callers);
  }

  private static void request(Context self, int salt) throws Exception {
    Pid counter = self.spawnLink(new Counter());
    List<CompletableFuture<@Nullable Object>> futures = new ArrayList<>();
    Set<Ref> refs = new HashSet<>();
    StackEnd.reach(
        salt,
        level -> {
          if (level % 2 == 0) {
            futures.add(self.request(counter, "count"));
          } else {
            refs.add(self.sendRequest(counter, "count"));
          }
        });
    for (CompletableFuture<@Nullable Object> future : futures) {
      assertEquals(0, future.get(20, SECONDS));
    }
    while (!refs.isEmpty()) {
      Optional<Object> message = self.receive(LIMIT);
      Response response =
          (Response) message.orElseThrow(() -> new AssertionError(refs.size() + " left"));
      refs.remove(response.ref());
    }
    assertEquals(0, self.call(counter, "count", LIMIT));
    self.unlink(counter);
    self.exit(counter, ExitReason.KILL);
  }

  // ---- time and names

  private static void timer(Context self, int salt) throws Exception {
    Set<Ref> timers = new HashSet<>();
    StackEnd.reach(
        salt,
        level -> {
          Ref timer = self.startTimer(Duration.ofMillis(level % 3), self.pid(), "time");
          if (level % 4 == 0) {
            self.dropTimer(timer);
          } else {
            timers.add(timer);
          }
        });
    while (!timers.isEmpty()) {
      Optional<Object> message = self.receive(LIMIT);
      Timeout timeout =
          (Timeout) message.orElseThrow(() -> new AssertionError(timers.size() + " left"));
      timers.remove(timeout.ref());
    }
  }

  private static void name(Context self, int salt) throws Exception {
    List<Pid> named = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      named.add(self.spawn(new Counter()));
    }
    boolean[] registered = new boolean[named.size()];
    StackEnd.reach(
        salt,
        level -> {
          int i = level % registered.length;
          self.register("name " + i, named.get(i));
          registered[i] = true;
        });
    for (int i = 0; i < registered.length; i++) {
      String name = "name " + i;
      Optional<Pid> found = self.whereis(name);
      assertEquals(Optional.of(named.get(i)).filter(pid -> found.isPresent()), found);
      assertTrue(found.isPresent() || !registered[i]);
      if (found.isPresent()) {
        self.unregister(name);
      }
      self.register(name, named.get(i));
      self.unregister(name);
      self.exit(named.get(i), ExitReason.KILL);
    }
  }

  private static void waits(Context self, int salt) throws Exception {
    StackEnd.reach(
        salt,
        level -> {
          switch (level % 4) {
            case 0 -> self.yieldNow();
            case 1 -> self.sleep(Duration.ofNanos(level * 1_000L));
            case 2 -> assertEquals("result", self.blocking(() -> "result"));
            default -> assertEquals("result", self.cpuBound(() -> "result"));
          }
        });
  }
}
