package io.coppice.behaviours.task;

import static io.coppice.behaviours.task.TaskBed.MOMENT;
import static io.coppice.behaviours.task.TaskBed.SOON;
import static io.coppice.behaviours.task.TaskBed.expectNothingAtAll;
import static io.coppice.behaviours.task.TaskBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Waiting for the end of processes. */
class JoinTest {
  private static final ExitReason BYE = ExitReason.of("bye");

  private static Pid endingAfter(Processes node, Duration time, ExitReason reason) {
    return node.spawn(
        self -> {
          self.sleep(time);
          throw self.exit(reason);
        });
  }

  private static Pid endingAfter(Processes node, int seconds) {
    return endingAfter(node, Duration.ofSeconds(seconds), ExitReason.of(seconds));
  }

  private static ExitReason reason(int seconds) {
    return ExitReason.of(seconds);
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  @Test
  @DisplayName("joining one process says why it ended, and nothing if it runs on")
  void one() {
    inProcess(
        self -> {
          Pid pid = endingAfter(self, 2);
          assertEquals(Optional.empty(), Join.one(self, pid, seconds(1)));
          assertEquals(Optional.of(reason(2)), Join.one(self, pid, null));
          assertEquals(Optional.of(ExitReason.NO_PROCESS), Join.one(self, pid, Duration.ZERO));
          expectNothingAtAll(self);
          assertEquals(1, self.processes().size(), "no joiner is left");
        });
  }

  @Test
  @DisplayName(
      "joining all says who ended, in which order and why, and who runs on at the deadline")
  void all() {
    inProcess(
        self -> {
          // @start region="join"
          Pid slow = endingAfter(self, 3);
          Pid fast = endingAfter(self, 1);
          Joined joined = Join.all(self, List.of(slow, fast), Duration.ofSeconds(2));
          assertEquals(Map.of(fast, reason(1)), joined.ended());
          assertEquals(Set.of(slow), joined.running());
          // @end
          assertFalse(joined.isComplete());
          Pid other = endingAfter(self, 2);
          Joined complete = Join.all(self, List.of(other, slow, slow, fast), null);
          assertTrue(complete.isComplete());
          assertEquals(List.of(fast, slow, other), List.copyOf(complete.ended().keySet()));
          assertEquals(ExitReason.NO_PROCESS, complete.ended().get(fast));
          assertTrue(Join.all(self, List.of(), null).isComplete());
          expectNothingAtAll(self);
        });
  }

  @Test
  @DisplayName("joining the first ends when one has ended")
  void first() {
    inProcess(
        self -> {
          Pid slow = endingAfter(self, 3);
          Pid fast = endingAfter(self, 1);
          long start = self.monotonicNanos();
          Joined joined = Join.first(self, List.of(slow, fast), null);
          assertEquals(1, Duration.ofNanos(self.monotonicNanos() - start).toSeconds());
          assertEquals(new Joined(Map.of(fast, reason(1)), Set.of(slow)), joined);
          assertEquals(Set.of(slow), Join.first(self, List.of(slow), MOMENT).running());
          assertTrue(Join.first(self, List.of(), null).ended().isEmpty());
          expectNothingAtAll(self);
        });
  }

  @Test
  @DisplayName("a process cannot join itself, and no time-out is negative")
  void mistakes() {
    inProcess(
        self -> {
          CallFailed failed =
              assertThrows(CallFailed.class, () -> Join.one(self, self.pid(), null));
          assertEquals(ExitReason.CALLING_SELF, failed.reason());
          assertTrue(String.valueOf(failed.getMessage()).contains("Join.all(["), failed::toString);
          assertThrows(
              IllegalArgumentException.class,
              () -> Join.all(self, List.of(self.pid()), MOMENT.negated()));
        });
  }

  @Test
  @DisplayName("a thread from outside joins as a process does, on virtual and on real time")
  void outside() {
    TestNode.forSeeds(
        20,
        node -> {
          Pid slow = endingAfter(node, 3);
          Pid fast = endingAfter(node, 1);
          assertEquals(Set.of(slow), Join.all(node, List.of(slow, fast), seconds(2)).running());
          assertEquals(Optional.of(reason(3)), Join.one(node, slow, null));
        });
    try (Node node = Node.start()) {
      Pid pid = node.spawn(self -> self.receive("go"::equals));
      assertEquals(Optional.empty(), Join.one(node, pid, MOMENT));
      node.send(pid, "go");
      assertEquals(Set.of(), Join.all(node, List.of(pid), Duration.ofSeconds(20)).running());
    }
  }

  @Test
  @DisplayName("whoever does not want to wait gets a future, and by a pipe a message")
  void later() throws Exception {
    inProcess(
        self -> {
          List<Pid> pids = List.of(endingAfter(self, 3), endingAfter(self, 1));
          Pipe.toSelf(self, Join.firstLater(self, pids, null), joined -> joined, failed -> failed);
          Pipe.toSelf(self, Join.allLater(self, pids, null), joined -> joined, failed -> failed);
          Joined first = (Joined) self.receive(SOON).orElseThrow();
          assertEquals(Map.of(pids.getLast(), reason(1)), first.ended());
          Joined all = (Joined) self.receive(SOON).orElseThrow();
          assertTrue(all.isComplete());
          expectNothingAtAll(self);
        });
    try (Node node = Node.start()) {
      Pid pid = node.spawn(self -> self.receive("go"::equals));
      CompletableFuture<Joined> future = Join.allLater(node, List.of(pid), null);
      assertFalse(future.isDone());
      node.send(pid, "go");
      assertTrue(future.get(20, TimeUnit.SECONDS).isComplete());
    }
  }

  @Test
  @DisplayName("the wait of a process that is killed leaves no process behind")
  void waiterKilled() {
    inProcess(
        self -> {
          Pid forever = self.spawn(process -> process.receive());
          Pid waiter = self.spawn(process -> Join.one(process, forever, null));
          self.sleep(MOMENT);
          assertEquals(4, self.processes().size());
          self.exit(waiter, ExitReason.KILL);
          self.sleep(MOMENT);
          assertEquals(2, self.processes().size());
          self.exit(forever, BYE);
        });
  }

  /** A process and when it ends; the times differ from all others by a second at least. */
  private record Life(Pid pid, int end) {}

  @Test
  @DisplayName("joins of any processes with any deadlines say what a naive model says")
  void model() {
    TestNode.forSeeds(
        300,
        node -> {
          Random random = new Random(node.seed());
          node.run(self -> joinAtRandom(self, random));
        });
  }

  private static void joinAtRandom(Context self, Random random) {
    List<Life> lives = new ArrayList<>();
    List<Integer> ends = new ArrayList<>(List.of(1, 3, 5, 7, 9, 11));
    Collections.shuffle(ends, random);
    for (int end : ends) {
      lives.add(new Life(endingAfter(self, end), end));
    }
    int now = 0;
    for (int i = 0; i < 4; i++) {
      List<Life> some = lives.stream().filter(life -> random.nextInt(3) > 0).toList();
      List<Pid> pids = some.stream().map(Life::pid).toList();
      int patience = 2 * random.nextInt(4); // ends at even times, lives at odd ones
      boolean all = random.nextBoolean();
      Joined joined =
          all ? Join.all(self, pids, seconds(patience)) : Join.first(self, pids, seconds(patience));
      int until = now + patience;
      int begin = now;
      int over =
          all
              ? some.stream().mapToInt(Life::end).max().orElse(begin)
              : some.stream().mapToInt(Life::end).min().orElse(begin);
      now = Math.max(begin, Math.min(until, over));
      assertEquals(expected(some, begin, now), joined);
      assertEquals(seconds(now), Duration.ofNanos(self.monotonicNanos()));
      if (now % 2 == 1) {
        self.sleep(seconds(1));
        now++;
      }
    }
    assertEquals(List.of(), self.messages(self.pid(), 10).orElseThrow());
  }

  private static Joined expected(List<Life> some, int begin, int now) {
    Map<Pid, ExitReason> ended = new LinkedHashMap<>();
    List<Life> dead = some.stream().filter(life -> life.end() <= now).toList();
    for (Life life : dead.stream().sorted(Comparator.comparingInt(Life::end)).toList()) {
      ended.put(life.pid(), life.end() < begin ? ExitReason.NO_PROCESS : reason(life.end()));
    }
    Set<Pid> running = new LinkedHashSet<>();
    some.stream().filter(life -> life.end() > now).forEach(life -> running.add(life.pid()));
    return new Joined(ended, running);
  }
}
