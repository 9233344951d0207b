package io.coppice.supervisor;

import io.coppice.kernel.process.ExitReason;
import io.coppice.supervisor.SupervisionModelTest.Starts;
import java.util.ArrayDeque;
import java.util.ArrayList;
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

    Entry(ChildSpec spec) {
      this.spec = spec;
    }
  }

  /** A try that was announced. */
  static final class Token {}

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
      restartAfter(entry);
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
    Token due = retries.removeFirst();
    for (Entry entry : entries) {
      if (due.equals(entry.waiting)) {
        restartAfter(entry);
        return;
      }
    }
  }

  private void restartAfter(Entry pivot) {
    restarts.add(now);
    int recent = 0;
    for (long instant : restarts) {
      if (now - instant <= 100) {
        recent++;
      }
    }
    if (recent > spec.intensity()) {
      end("shutdown");
      return;
    }
    int place = entries.indexOf(pivot);
    List<Entry> group =
        switch (spec.strategy()) {
          case ONE_FOR_ONE, SIMPLE_ONE_FOR_ONE -> List.of(pivot);
          case ONE_FOR_ALL -> List.copyOf(entries);
          case REST_FOR_ONE -> List.copyOf(entries.subList(place, entries.size()));
        };
    for (int i = group.size() - 1; i >= 0; i--) {
      stop(group.get(i));
      dropIfTemporary(group.get(i));
    }
    for (Entry entry : group) {
      if (entry.spec.restart() != Restart.TEMPORARY && start(entry) == Start.FAILED) {
        entry.status = "restarting";
        Token token = new Token();
        entry.waiting = token;
        retries.addLast(token);
        return;
      }
    }
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
    if (entry != null && entry.status.equals("undefined")) {
      start(entry);
    }
  }

  void delete(String id) {
    Entry entry = find(id);
    if (entry != null && entry.status.equals("undefined")) {
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
    entry.waiting = null;
    StartResult result = starts.next();
    String id = entry.spec.id();
    if (result == null) {
      entry.status = "running";
      log.add("start " + id);
      return Start.RUNS;
    }
    boolean ignored = result instanceof StartResult.Ignored;
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
