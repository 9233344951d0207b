package io.coppice.supervisor;

import io.coppice.kernel.process.ExitReason;
import io.coppice.supervisor.SupervisionModelTest.Starts;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a supervisor does, written as one would tell it: loops over a list, everything at once. A
 * model for {@link Supervision}, with which it shares no code but the specifications.
 */
final class NaiveSupervisor {
  final List<String> log = new ArrayList<>();
  final Deque<Token> retries = new ArrayDeque<>();
  private final List<Later> later = new ArrayList<>();
  String ended = "null";
  long now;
  private final SupervisorSpec spec;
  private final Starts starts;
  private final List<Entry> entries = new ArrayList<>();
  private final List<Long> restarts = new ArrayList<>();

  NaiveSupervisor(SupervisorSpec spec, Starts starts) {
    this.spec = spec;
    this.starts = starts;
  }

  private static final class Entry {
    final ChildSpec spec;
    String status = "undefined";
    @Nullable Token waiting;
    long since;
    int inARow;
    final List<Long> failures = new ArrayList<>();

    Entry(ChildSpec spec) {
      this.spec = spec;
    }
  }

  /** A try that was announced; counted if it is not to count again. */
  static final class Token {
    final boolean counted;

    Token(boolean counted) {
      this.counted = counted;
    }
  }

  private record Later(Token token, long due) {}

  private enum Start {
    RUNS,
    IGNORED,
    FAILED
  }

  void boot() {
    for (ChildSpec child : spec.children()) {
      entries.add(new Entry(child));
    }
    for (Entry entry : List.copyOf(entries)) {
      switch (start(entry)) {
        case RUNS -> {}
        case IGNORED -> dropIfTemporary(entry);
        case FAILED -> {
          end(new FailedToStartChild(entry.spec.id(), ExitReason.of("no")).asReason().toString());
          return;
        }
      }
    }
    log.add("ready");
  }

  void ends(String id, ExitReason reason) {
    Entry entry = Objects.requireNonNull(find(id));
    entry.status = "undefined";
    boolean again =
        switch (entry.spec.restart()) {
          case PERMANENT -> true;
          case TRANSIENT ->
              !reason.equals(ExitReason.NORMAL) && !reason.equals(ExitReason.SHUTDOWN);
          case TEMPORARY -> false;
        };
    if (again) {
      failed(entry, false);
      return;
    }
    dropIfTemporary(entry);
    if (entry.spec.significant()) {
      boolean othersLeft =
          entries.stream()
              .anyMatch(other -> other.spec.significant() && !other.status.equals("undefined"));
      switch (spec.autoShutdown()) {
        case NEVER -> {}
        case ANY_SIGNIFICANT -> end("shutdown");
        case ALL_SIGNIFICANT -> {
          if (!othersLeft) {
            end("shutdown");
          }
        }
      }
    }
  }

  void retry() {
    tryNow(retries.removeFirst());
  }

  /** Lets time pass, and all happen that was put off until then. */
  void pass(long time) {
    long until = now + time;
    while (ended.equals("null")) {
      Later next =
          later.stream()
              .filter(each -> each.due <= until)
              .min(Comparator.comparingLong(Later::due))
              .orElse(null);
      if (next == null) {
        break;
      }
      later.remove(next);
      now = next.due;
      tryNow(next.token);
    }
    now = until;
  }

  /** How many of those that are put off are still waited for. */
  long putOff() {
    return later.stream()
        .filter(each -> entries.stream().anyMatch(entry -> each.token.equals(entry.waiting)))
        .count();
  }

  private void tryNow(Token due) {
    for (Entry entry : List.copyOf(entries)) {
      if (!due.equals(entry.waiting)) {
        continue;
      }
      if (entry.status.equals("parked")) {
        if (start(entry) == Start.FAILED) {
          park(entry);
        }
      } else if (due.counted || isAllowed(restarts, spec.intensity(), 100)) {
        restartAfter(entry);
      } else {
        end("shutdown");
      }
      return;
    }
  }

  private boolean isAllowed(List<Long> instants, int most, long period) {
    instants.add(now);
    return instants.stream().filter(instant -> now - instant <= period).count() <= most;
  }

  /** What a failure leads to after which the child is to be restarted. */
  private void failed(Entry entry, boolean atStart) {
    Backoff backoff = entry.spec.recovery().backoff();
    Budget budget = entry.spec.recovery().budget();
    if (backoff == null && budget == null && atStart) { // counts when it is tried
      entry.status = "restarting";
      entry.waiting = new Token(false);
      retries.addLast(entry.waiting);
      return;
    }
    if (backoff != null) {
      boolean wasWell = !atStart && now - entry.since >= backoff.resetAfter().toNanos();
      entry.inARow = wasWell ? 1 : entry.inARow + 1;
    }
    boolean allowed =
        budget == null
            ? isAllowed(restarts, spec.intensity(), 100)
            : isAllowed(entry.failures, budget.restartsMax(), budget.within().toNanos());
    if (!allowed) {
      if (budget != null && budget.overflow() == OverBudget.PARK) {
        park(entry);
      } else {
        end("shutdown");
      }
    } else if (backoff != null) {
      stopAll(group(entry));
      long whole = backoff.min().toNanos();
      for (int i = 1; i < entry.inARow; i++) {
        whole = Math.min(backoff.max().toNanos(), whole * 2);
      }
      long delay = whole - (long) (whole * backoff.jitter() * Rehearsal.CHANCE);
      entry.status = "restarting";
      entry.waiting = new Token(true);
      later.add(new Later(entry.waiting, now + delay));
    } else if (atStart) {
      entry.status = "restarting";
      entry.waiting = new Token(true);
      retries.addLast(entry.waiting);
    } else {
      restartAfter(entry);
    }
  }

  private void park(Entry entry) {
    entry.status = "parked";
    entry.waiting = null;
    Budget budget = Objects.requireNonNull(entry.spec.recovery().budget());
    if (budget.retryAfter() != null) {
      entry.waiting = new Token(true);
      later.add(new Later(entry.waiting, now + budget.retryAfter().toNanos()));
    }
  }

  private List<Entry> group(Entry pivot) {
    int place = entries.indexOf(pivot);
    return switch (spec.strategy()) {
      case ONE_FOR_ONE, SIMPLE_ONE_FOR_ONE -> List.of(pivot);
      case ONE_FOR_ALL -> List.copyOf(entries);
      case REST_FOR_ONE -> List.copyOf(entries.subList(place, entries.size()));
    };
  }

  private void stopAll(List<Entry> group) {
    for (Entry entry : group.reversed()) {
      if (!entry.status.equals("parked")) {
        stop(entry);
        dropIfTemporary(entry);
      }
    }
  }

  private void restartAfter(Entry pivot) {
    List<Entry> group = group(pivot);
    stopAll(group);
    for (Entry entry : group) {
      boolean starts = entry.spec.restart() != Restart.TEMPORARY && !entry.status.equals("parked");
      if (starts && start(entry) == Start.FAILED) {
        failed(entry, true);
        if (!entry.status.equals("parked")) {
          return;
        }
      }
    }
  }

  private static boolean isIdle(Entry entry) {
    return entry.status.equals("undefined") || entry.status.equals("parked");
  }

  void terminate(String id) {
    Entry entry = find(id);
    if (entry != null) {
      stop(entry);
      dropIfTemporary(entry);
    }
  }

  void restart(String id) {
    Entry entry = find(id);
    if (entry != null && isIdle(entry)) {
      start(entry);
    }
  }

  void delete(String id) {
    Entry entry = find(id);
    if (entry != null && isIdle(entry)) {
      entries.remove(entry);
    }
  }

  void startChild(ChildSpec child) {
    if (find(child.id()) != null) {
      return;
    }
    Entry entry = new Entry(child);
    entries.add(entry);
    Start start = start(entry);
    boolean dropped =
        start == Start.FAILED || (start == Start.IGNORED && child.restart() == Restart.TEMPORARY);
    if (dropped) {
      entries.remove(entry);
    }
  }

  List<String> children() {
    return entries.stream().map(entry -> entry.spec.id() + "=" + entry.status).toList();
  }

  private void end(String reason) {
    for (int i = entries.size() - 1; i >= 0; i--) {
      stop(entries.get(i));
    }
    log.add("end " + reason);
    ended = reason;
  }

  private void stop(Entry entry) {
    if (entry.status.equals("running")) {
      log.add("stop " + entry.spec.id());
    }
    entry.status = "undefined";
    entry.waiting = null;
  }

  private Start start(Entry entry) {
    StartResult result = starts.next();
    String id = entry.spec.id();
    if (result == null) {
      entry.status = "running";
      entry.waiting = null;
      entry.since = now;
      log.add("start " + id);
      return Start.RUNS;
    }
    boolean ignored = result instanceof StartResult.Ignored;
    if (ignored) {
      entry.status = "undefined";
      entry.waiting = null;
    }
    log.add((ignored ? "ignore " : "fail ") + id);
    return ignored ? Start.IGNORED : Start.FAILED;
  }

  private void dropIfTemporary(Entry entry) {
    if (entry.spec.restart() == Restart.TEMPORARY) {
      entries.remove(entry);
    }
  }

  private @Nullable Entry find(String id) {
    return entries.stream().filter(entry -> entry.spec.id().equals(id)).findAny().orElse(null);
  }
}
