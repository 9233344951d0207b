package io.coppice.supervisor;

import io.coppice.kernel.process.ExitReason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of supervision with a clock: each start and each stop takes a time, and one child, the
 * victim, ends by itself at one moment, whatever the supervisor is doing then. Loops over a list,
 * one step after another; no code is shared with {@link Supervision}.
 */
final class TimedRules {
  static final long STEP = 10;

  /** What is supervised; the children are a, b and c. */
  enum Kind {
    ONE_FOR_ONE,
    ONE_FOR_ALL,
    REST_FOR_ONE,
    SIMPLE,
    DYNAMIC;

    boolean isDynamic() {
      return this == SIMPLE || this == DYNAMIC;
    }
  }

  /** How the victim ends, and when. */
  record End(String victim, ExitReason reason, long at) {}

  private static final class Child {
    final String id;
    final Restart restart;
    boolean alive; // as it is
    boolean running; // as the supervisor sees it
    @Nullable ExitReason exit; // the news that the supervisor has not read yet

    Child(String id, Restart restart) {
      this.id = id;
      this.restart = restart;
    }
  }

  final List<String> log = new ArrayList<>();
  final List<String> errors = new ArrayList<>();
  boolean ended;
  private final Kind kind;
  private final int intensity;
  private final End end;
  private final List<Child> children = new ArrayList<>();
  private boolean happened;
  private long now;
  private int restarts;

  TimedRules(Kind kind, int intensity, End end) {
    this.kind = kind;
    this.intensity = intensity;
    this.end = end;
  }

  /** Adds a child, not started. */
  void add(String id, Restart restart) {
    children.add(new Child(id, restart));
  }

  /** All run already. */
  void running() {
    for (Child child : children) {
      child.alive = true;
      child.running = true;
    }
  }

  // ---- what is done to it

  void boot() {
    for (Child child : List.copyOf(children)) {
      start(child);
      if (kind.isDynamic()) {
        readNews(); // each start is a request of its own
      }
    }
    readNews();
  }

  /** A child ends by itself now. */
  void crash(String id, ExitReason reason) {
    Child child = find(id);
    child.alive = false;
    child.exit = reason;
    readNews();
  }

  void stop() {
    endAll();
  }

  /** Time goes on until the victim has ended, and all is done that follows. */
  void settle() {
    if (!happened) {
      advance(end.at + 1 - now);
    }
    readNews();
  }

  // ---- time

  private void advance(long time) {
    now += time;
    if (!happened && end.at < now) {
      happened = true;
      for (Child child : children) {
        if (child.id.equals(end.victim) && child.alive) {
          child.alive = false;
          child.exit = seen(end.reason);
        }
      }
    }
  }

  private static ExitReason seen(ExitReason reason) {
    return reason.equals(ExitReason.KILL) ? ExitReason.KILLED : reason;
  }

  // ---- what the supervisor does

  private void readNews() {
    for (Child child : List.copyOf(children)) {
      ExitReason reason = child.exit;
      if (!ended && reason != null) {
        child.exit = null;
        ended(child, reason);
        readNews(); // more may have come meanwhile
        return;
      }
    }
  }

  private void ended(Child child, ExitReason reason) {
    child.running = false;
    boolean again =
        child.restart == Restart.PERMANENT
            || (child.restart == Restart.TRANSIENT && !reason.isClean());
    if (again || !reason.isClean()) {
      errors.add("child_terminated " + child.id + " " + reason);
    }
    if (!again) {
      if (kind.isDynamic() || child.restart == Restart.TEMPORARY) {
        children.remove(child);
      }
      return;
    }
    restarts++;
    if (restarts > intensity) {
      errors.add("shutdown " + child.id + " reached_max_restart_intensity");
      endAll();
      return;
    }
    List<Child> group =
        switch (kind) {
          case ONE_FOR_ONE, SIMPLE, DYNAMIC -> List.of(child);
          case ONE_FOR_ALL -> List.copyOf(children);
          case REST_FOR_ONE ->
              List.copyOf(children.subList(children.indexOf(child), children.size()));
        };
    for (Child other : group.reversed()) {
      stop(other);
    }
    for (Child other : group) {
      if (other.restart != Restart.TEMPORARY) {
        start(other);
      }
    }
  }

  private void start(Child child) {
    advance(STEP);
    child.alive = true;
    child.running = true;
    log.add("start " + child.id);
  }

  private void stop(Child child) {
    if (child.running) {
      if (child.alive) {
        log.add("stop " + child.id);
        advance(isHitWithinStep(child) ? end.at + 1 - now : STEP);
      }
      stopped(child);
    }
    if (child.restart == Restart.TEMPORARY) {
      children.remove(child);
    }
  }

  private boolean isHitWithinStep(Child child) {
    return !happened && child.id.equals(end.victim) && end.at < now + STEP;
  }

  /** It has ended: by itself, and why is read now, or because it was told to. */
  private void stopped(Child child) {
    ExitReason reason = child.exit != null ? child.exit : ExitReason.SHUTDOWN;
    child.exit = null;
    child.alive = false;
    child.running = false;
    if (!isFine(child, reason)) {
      errors.add("shutdown_error " + child.id + " " + reason);
    }
  }

  private boolean isFine(Child child, ExitReason reason) {
    boolean permanent = child.restart == Restart.PERMANENT;
    return switch (reason) {
      case ExitReason.Shutdown(var detail) ->
          detail == null || !permanent || kind == Kind.DYNAMIC; // the last is DS6
      case ExitReason.Normal() -> !permanent;
      default -> false;
    };
  }

  private void endAll() {
    ended = true;
    if (kind.isDynamic()) {
      children.stream().filter(child -> child.alive).forEach(c -> log.add("stop " + c.id));
      advance(STEP);
      children.stream().filter(child -> child.running).forEach(this::stopped);
    } else {
      List.copyOf(children).reversed().forEach(this::stop);
    }
    children.clear();
  }

  private Child find(String id) {
    return children.stream().filter(child -> child.id.equals(id)).findAny().orElseThrow();
  }

  /** {@code id=status} in the order of the list. */
  List<String> children() {
    return children.stream()
        .map(child -> child.id + "=" + (child.running ? "running" : "undefined"))
        .toList();
  }
}
