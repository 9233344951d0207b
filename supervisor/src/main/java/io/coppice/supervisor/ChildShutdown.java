package io.coppice.supervisor;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Stops children, all at the same time, and finds out why each ended (semantics SU60–SU63, DS6).
 */
final class ChildShutdown {
  /*
   * What is waited for is the Down of a monitor, not the Exit of the link: a child that has
   * unlinked itself sends no Exit, and waiting for one would hang for ever. The reason is the
   * Exit's where there is one, because the Down of a child that was dead already says noproc only.
   * Exits of these children are taken along with the Downs, in order of arrival; taking Downs alone
   * would scan past all the Exits again and again, quadratic in the number of children.
   *
   * At the end no Exit of these children is in the mailbox, nor will one come. A dying process may
   * already be noproc to a monitor while its link's Exit is still on the way; so where there is no
   * Exit yet but still a link, one more is waited for.
   *
   * There is one time limit for all that have the same time to stop, counted from when all have
   * been told. It is the deadline of the wait, so no timer message is left over.
   */

  private static final Ref NOBODY = Ref.create();

  private final Context self;
  private final List<Dismissal> all;
  private final Map<Ref, Pid> waiting = new HashMap<>();
  private final Set<Pid> ours = new HashSet<>();
  private final Map<Pid, ExitReason> exits = new HashMap<>();
  private final Map<Pid, ExitReason> downs = new HashMap<>();

  private ChildShutdown(Context self, List<Dismissal> all) {
    this.self = self;
    this.all = all;
  }

  /**
   * Returns the reasons in the same order when all have ended.
   *
   * @param taken exits that have been taken out of the mailbox already; those of these children are
   *     removed
   */
  static List<ExitReason> stop(Context self, List<Dismissal> all, Map<Pid, ExitReason> taken) {
    ChildShutdown shutdown = new ChildShutdown(self, all);
    shutdown.enter(taken);
    shutdown.watch();
    shutdown.enforce(shutdown.tell());
    while (!shutdown.waiting.isEmpty()) {
      shutdown.note(shutdown.next(null).orElseThrow());
    }
    return shutdown.reasons();
  }

  private void enter(Map<Pid, ExitReason> taken) {
    if (!taken.isEmpty()) {
      for (Dismissal child : all) {
        ExitReason reason = taken.remove(child.pid());
        if (reason != null) {
          exits.put(child.pid(), reason);
        }
      }
    }
  }

  private void watch() {
    for (Dismissal child : all) {
      ours.add(child.pid());
      waiting.put(self.monitor(child.pid()), child.pid());
      self.checkpoint();
    }
  }

  /** Tells all to stop; returns those with a limited time for it, the shortest first. */
  private SortedMap<Long, List<Pid>> tell() {
    SortedMap<Long, List<Pid>> limits = new TreeMap<>();
    for (Dismissal child : all) {
      ExitReason order =
          switch (child.how()) {
            case Shutdown.Brutal() -> ExitReason.KILL;
            case Shutdown.Unlimited() -> ExitReason.SHUTDOWN;
            case Shutdown.Within(Duration time) -> {
              long nanos = Times.saturatedNanos(time);
              limits.computeIfAbsent(nanos, _ -> new ArrayList<>()).add(child.pid());
              yield ExitReason.SHUTDOWN;
            }
          };
      self.exit(child.pid(), order);
      self.checkpoint();
    }
    return limits;
  }

  /** Kills those who have not ended when their time is over. */
  private void enforce(SortedMap<Long, List<Pid>> limits) {
    long startNanos = self.monotonicNanos();
    limits.forEach(
        (limitNanos, pids) -> {
          awaitUntil(startNanos, limitNanos);
          for (Pid pid : pids) {
            if (!downs.containsKey(pid)) {
              self.exit(pid, ExitReason.KILL);
              self.checkpoint();
            }
          }
        });
  }

  private void awaitUntil(long startNanos, long limitNanos) {
    while (!waiting.isEmpty()) {
      long leftNanos = Math.max(0, limitNanos - (self.monotonicNanos() - startNanos));
      Optional<Object> message = next(Duration.ofNanos(leftNanos));
      if (message.isEmpty()) {
        return;
      }
      note(message.get());
    }
  }

  /** A single child that calls its supervisor is told of the cycle (N5), and can end. */
  private Optional<Object> next(@Nullable Duration time) {
    Ref awaited = waiting.size() == 1 ? waiting.keySet().iterator().next() : NOBODY;
    return self.receive(awaited, this::isOurs, time);
  }

  private boolean isOurs(Object message) {
    return switch (message) {
      case Down down -> waiting.containsKey(down.ref());
      case Exit exit -> ours.contains(exit.from());
      default -> false;
    };
  }

  private void note(Object message) {
    switch (message) {
      case Down(Ref ref, _, ExitReason reason) -> {
        Pid pid = waiting.remove(ref);
        assert pid != null : message;
        downs.put(pid, reason);
      }
      case Exit(Pid from, ExitReason reason) -> exits.put(from, reason);
      default -> throw new AssertionError(message);
    }
  }

  private List<ExitReason> reasons() {
    List<ExitReason> reasons = new ArrayList<>(all.size());
    Set<Pid> links = null;
    for (Dismissal child : all) {
      Pid pid = child.pid();
      ExitReason reason = exits.get(pid);
      if (reason == null) {
        links = links != null ? links : new HashSet<>(self.links());
        reason = lastExit(pid, links.contains(pid));
      }
      reasons.add(reason);
    }
    return reasons;
  }

  private ExitReason lastExit(Pid pid, boolean linked) {
    ExitReason down = downs.getOrDefault(pid, ExitReason.NO_PROCESS);
    if (linked && down.equals(ExitReason.NO_PROCESS)) {
      return exitReason(self.receive(message -> isExitOf(message, pid)), down);
    }
    self.unlink(pid);
    Object exit = self.receive(message -> isExitOf(message, pid), Duration.ZERO).orElse(null);
    return exitReason(exit, down);
  }

  private static boolean isExitOf(Object message, Pid pid) {
    return message instanceof Exit exit && exit.from().equals(pid);
  }

  private static ExitReason exitReason(@Nullable Object exit, ExitReason otherwise) {
    return exit instanceof Exit(_, ExitReason reason) ? reason : otherwise;
  }
}
