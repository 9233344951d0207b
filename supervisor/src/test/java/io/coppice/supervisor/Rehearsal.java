package io.coppice.supervisor;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Report;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Performs the decisions of a {@link Supervision} without any process: starts give numbers, stops
 * always succeed, and everything is written down in {@code log}.
 */
final class Rehearsal {
  /** What the jitter of delays is drawn to be. */
  static final double CHANCE = 0.5;

  static final SupervisorName SELF = new SupervisorName(new FakePid(1), null);

  final Supervision supervision;
  final List<String> log = new ArrayList<>();
  final List<Report> reports = new ArrayList<>();
  final List<String> watched = new ArrayList<>();
  final List<Failure> failures = new ArrayList<>();
  final Deque<Event.Retry> retries = new ArrayDeque<>();
  final Map<Ref, Later> later = new LinkedHashMap<>();
  final Map<Pid, String> living = new LinkedHashMap<>();
  long nowNanos;
  @Nullable Object reply;
  @Nullable ExitReason ended;
  Function<String, @Nullable StartResult> script = _ -> null;
  private long lastPid = 1;

  Rehearsal(Supervisor supervisor) {
    supervision = new Supervision(SELF, supervisor.checkedSpec(), () -> CHANCE);
  }

  /** A start that does nothing: the rehearsal looks at its name only. */
  record Scripted(String id) implements ChildStart {
    @Override
    public StartResult start(Context supervisor) {
      throw new AssertionError("nothing is started in a rehearsal");
    }

    @Override
    public ChildStart with(Object argument) {
      return new Scripted(argument.toString());
    }
  }

  static ChildSpec child(String id) {
    return ChildSpec.starting(id, new Scripted(id));
  }

  Rehearsal boot() {
    on(new Event.Boot());
    return this;
  }

  Rehearsal on(Event first) {
    Event event = first;
    while (event != null) {
      List<Decision> decisions = supervision.decide(event, nowNanos);
      event = null;
      for (Decision decision : decisions) {
        if (event != null) {
          throw new AssertionError("a question is not the last decision: " + decisions);
        }
        event = perform(decision);
      }
    }
    return this;
  }

  /** A retry that a timer brings. */
  record Later(Event.Retry retry, long dueNanos) {}

  /** Lets time pass, and all timers fire that are due by then, in order. */
  Rehearsal pass(long nanos) {
    long until = nowNanos + nanos;
    for (Later next = next(); next != null && next.dueNanos <= until; next = next()) {
      nowNanos = next.dueNanos;
      later.remove(next.retry.token());
      on(next.retry);
    }
    nowNanos = until;
    return this;
  }

  private @Nullable Later next() {
    return ended != null
        ? null
        : later.values().stream().min(Comparator.comparingLong(Later::dueNanos)).orElse(null);
  }

  private @Nullable Event perform(Decision decision) {
    switch (decision) {
      case Decision.Start(ChildStart start, var argument) -> {
        ChildStart bound = argument == null ? start : start.with(argument);
        return new Event.Started(start(((Scripted) bound).id()));
      }
      case Decision.Stop(List<Dismissal> children) -> {
        List<ExitReason> reasons = new ArrayList<>();
        for (Dismissal child : children) {
          log.add("stop " + living.remove(child.pid()));
          reasons.add(
              child.how() instanceof Shutdown.Brutal ? ExitReason.KILLED : ExitReason.SHUTDOWN);
        }
        return new Event.Stopped(reasons);
      }
      case Decision.Emit(Report report) -> reports.add(report);
      case Decision.Watch(Pid pid, var limit) -> watched.add(pid + " " + limit.time());
      case Decision.Note(Failure failure) -> failures.add(failure);
      case Decision.RetryLater(Event.Retry retry, long delay) -> {
        if (delay == 0) {
          retries.add(retry);
        } else {
          later.put(retry.token(), new Later(retry, nowNanos + delay));
        }
      }
      case Decision.CancelRetry(Ref token) -> {
        if (later.remove(token) == null) {
          throw new AssertionError("there is no such timer");
        }
      }
      case Decision.Ready() -> log.add("ready");
      case Decision.Reply(Object answer) -> reply = answer;
      case Decision.GiveUp(ExitReason reason) -> {
        ended = reason;
        log.add("end " + reason);
      }
    }
    return null;
  }

  private StartResult start(String id) {
    StartResult scripted = script.apply(id);
    if (scripted != null) {
      log.add((scripted instanceof StartResult.Ignored ? "ignore " : "fail ") + id);
      return scripted;
    }
    Pid pid = new FakePid(++lastPid);
    living.put(pid, id);
    log.add("start " + id);
    return StartResult.ok(pid);
  }

  /** Lets the children with these ids end, all before the supervisor notices. */
  Rehearsal ends(ExitReason reason, String... ids) {
    List<Pid> pids = new ArrayList<>();
    for (String id : ids) {
      pids.add(pid(id));
    }
    pids.forEach(living::remove);
    pids.forEach(pid -> on(new Event.Exited(pid, reason)));
    return this;
  }

  Pid pid(String id) {
    for (Map.Entry<Pid, String> entry : living.entrySet()) {
      if (entry.getValue().equals(id)) {
        return entry.getKey();
      }
    }
    throw new AssertionError(id + " does not live; living: " + living);
  }

  /** What is in the log since the last time. */
  List<String> logged() {
    List<String> since = List.copyOf(log);
    log.clear();
    return since;
  }

  /** {@code id=status} in start order. */
  List<String> children() {
    return supervision.inspect().whichChildren().reversed().stream()
        .map(info -> info.id() + "=" + info.status())
        .toList();
  }

  List<ErrorContext> errors() {
    return reports.stream()
        .filter(SupervisorReport.class::isInstance)
        .map(report -> ((SupervisorReport) report).context())
        .toList();
  }
}
