package io.coppice.behaviours.task;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the end of processes: of one, of all, of the first of several.
 *
 * {@snippet class="io.coppice.behaviours.task.JoinTest" region="join"}
 *
 * <p>Any thread may wait. Inside of a process only that process waits; what would rather go on gets
 * a future, whose result {@link Pipe} turns into a message. The processes are not disturbed,
 * nothing comes to the mailbox of whoever waits, and nothing is left of a wait that is over.
 *
 * <p>For the results of tasks see {@link Task#awaitMany} and {@link Task#yieldMany}.
 */
public final class Join {
  /* A process of the wait's own has the monitors and answers once. So it is the same for processes,
   * for other threads and for futures; and what monitors say too late goes to its grave with it.
   */
  private Join() {}

  private record Wanted(List<Pid> pids, boolean all, @Nullable Duration timeout) {
    static Wanted of(Collection<Pid> pids, boolean all, @Nullable Duration timeout) {
      Waits.checkTimeout(timeout);
      return new Wanted(List.copyOf(new LinkedHashSet<>(pids)), all, timeout);
    }

    @Override
    public String toString() {
      return "Join." + (all ? "all" : "first") + "(" + pids + ", " + timeout + ")";
    }
  }

  /**
   * Waits for the end of one process.
   *
   * @param processes the node, or the context of the process that calls
   * @param pid the process
   * @param timeout how long, zero or more, or null for ever
   * @return why it ended, {@link ExitReason#NO_PROCESS} if it had ended before; empty if it runs
   *     when the time is over
   * @throws CallFailed with {@code calling_self} if the process that calls waits for itself
   * @throws IllegalArgumentException if the timeout is negative
   */
  public static Optional<ExitReason> one(Processes processes, Pid pid, @Nullable Duration timeout) {
    return Optional.ofNullable(all(processes, List.of(pid), timeout).ended().get(pid));
  }

  /**
   * Waits until all have ended.
   *
   * @param processes the node, or the context of the process that calls
   * @param pids the processes; none is waited for twice
   * @param timeout how long to wait for all together, zero or more, or null for ever
   * @return who had ended by then, and who had not
   * @throws CallFailed with {@code calling_self} if the process that calls is among them
   * @throws IllegalArgumentException if the timeout is negative
   */
  public static Joined all(Processes processes, Collection<Pid> pids, @Nullable Duration timeout) {
    return ask(processes, Wanted.of(pids, true, timeout));
  }

  /**
   * Waits until one of them has ended.
   *
   * @param processes the node, or the context of the process that calls
   * @param pids the processes
   * @param timeout how long, zero or more, or null for ever
   * @return who had ended by then, and who had not; all that ended at the same time are there, none
   *     if the time was over or nobody was to be waited for
   * @throws CallFailed with {@code calling_self} if the process that calls is among them
   * @throws IllegalArgumentException if the timeout is negative
   */
  public static Joined first(
      Processes processes, Collection<Pid> pids, @Nullable Duration timeout) {
    return ask(processes, Wanted.of(pids, false, timeout));
  }

  /**
   * Waits until all have ended, and nobody waits meanwhile.
   *
   * @param processes the node, or the context of the process that calls
   * @param pids the processes
   * @param timeout how long to wait for all together, zero or more, or null for ever
   * @return completed as {@link #all} returns, by a process: dependents must be short, or use an
   *     executor. If the process that calls ends before, it never is, but with {@link CallFailed}.
   * @throws IllegalArgumentException if the timeout is negative
   */
  public static CompletableFuture<Joined> allLater(
      Processes processes, Collection<Pid> pids, @Nullable Duration timeout) {
    return later(processes, Wanted.of(pids, true, timeout));
  }

  /**
   * Waits until one of them has ended, and nobody waits meanwhile.
   *
   * @param processes the node, or the context of the process that calls
   * @param pids the processes
   * @param timeout how long, zero or more, or null for ever
   * @return completed as {@link #first} returns, as {@link #allLater} says
   * @throws IllegalArgumentException if the timeout is negative
   */
  public static CompletableFuture<Joined> firstLater(
      Processes processes, Collection<Pid> pids, @Nullable Duration timeout) {
    return later(processes, Wanted.of(pids, false, timeout));
  }

  private static Joined ask(Processes processes, Wanted wanted) {
    Processes node = node(processes);
    Object joined = node.call(spawnJoiner(node), wanted, null);
    return (Joined) Objects.requireNonNull(joined);
  }

  private static CompletableFuture<Joined> later(Processes processes, Wanted wanted) {
    Processes node = node(processes);
    return node.request(spawnJoiner(node), wanted)
        .thenApply(joined -> (Joined) Objects.requireNonNull(joined));
  }

  private static Processes node(Processes processes) {
    return processes instanceof Context self ? self.node() : processes;
  }

  private static Pid spawnJoiner(Processes node) {
    return node.spawn(Join::join, SpawnOptions.DEFAULT.initialCall("join"));
  }

  /** The process of one wait. */
  private static void join(Context self) {
    Request asked = (Request) self.receive();
    Wanted wanted = (Wanted) asked.payload();
    Pid caller = asked.caller();
    if (caller != null && wanted.pids().contains(caller)) {
      asked.fail(ExitReason.CALLING_SELF);
      return;
    }
    Ref callerWatch = caller == null ? null : self.monitor(caller);
    Map<Ref, Pid> running = new LinkedHashMap<>();
    for (Pid pid : wanted.pids()) {
      running.put(self.monitor(pid), pid);
    }
    Map<Pid, ExitReason> ended = new LinkedHashMap<>();
    long start = self.monotonicNanos();
    while (!running.isEmpty()) {
      Duration left = timeLeft(self, wanted, start, ended.isEmpty());
      if (!(next(self, running.keySet(), left) instanceof Down down)) {
        break;
      }
      if (down.ref().equals(callerWatch)) {
        return; // nobody waits any more
      }
      Pid pid = running.remove(down.ref());
      if (pid != null) {
        ended.put(pid, down.reason());
      }
    }
    asked.reply(new Joined(ended, new LinkedHashSet<>(running.values())));
  }

  private static @Nullable Object next(Context self, Set<Ref> running, @Nullable Duration left) {
    return left == null && running.size() == 1
        ? self.receive(running.iterator().next(), Down.class::isInstance, null).orElse(null)
        : Waits.receive(self, Down.class::isInstance, left);
  }

  /** None when the first has ended: then only those count that have ended, too. */
  private static @Nullable Duration timeLeft(
      Context self, Wanted wanted, long start, boolean noneEnded) {
    if (!wanted.all() && !noneEnded) {
      return Duration.ZERO;
    }
    return wanted.timeout() == null ? null : Waits.left(self, start, wanted.timeout());
  }
}
