package io.coppice.supervisor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules of supervision as one would tell them to a colleague: a list of children, loops over
 * it, everything at once. No code is shared with {@link Supervision}, nor its specifications.
 */
final class SupervisionRules {
  /** What is told about a child: when it is started again, and whether the others depend on it. */
  record Rule(String id, Restart restart, boolean significant) {}

  /** A child; life counts its starts, so that an end of an earlier life is known as such. */
  private record Child(Rule rule, String status, int life) {}

  /** All that is told about a supervisor. */
  record Told(
      Strategy strategy, AutoShutdown autoShutdown, int intensity, long period, List<Rule> rules) {}

  private final Told told;
  private final List<Child> children = new ArrayList<>();
  private final Map<String, Integer> lives = new HashMap<>();
  private final Map<String, Integer> failures = new HashMap<>();
  private final List<Long> restarts = new ArrayList<>();
  final List<String> log = new ArrayList<>();
  boolean ended;

  SupervisionRules(Told told) {
    this.told = told;
    for (Rule rule : told.rules()) {
      children.add(started(rule));
    }
  }

  private SupervisionRules(SupervisionRules other) {
    told = other.told;
    children.addAll(other.children);
    lives.putAll(other.lives);
    failures.putAll(other.failures);
    restarts.addAll(other.restarts);
    ended = other.ended;
  }

  /** The same state with an empty log, to go on from. */
  SupervisionRules copy() {
    return new SupervisionRules(this);
  }

  /** The next starts of a child fail. */
  void failNext(String id, int times) {
    failures.put(id, times);
  }

  /** A life of a child has ended by itself. */
  void ends(String id, int life, boolean clean, long now) {
    Child child = find(id);
    if (ended || child == null || child.life != life || !child.status.equals("running")) {
      return; // somebody else has stopped it already
    }
    set(child, "undefined");
    boolean again =
        switch (child.rule.restart) {
          case PERMANENT -> true;
          case TRANSIENT -> !clean;
          case TEMPORARY -> false;
        };
    if (again) {
      restart(id, now);
      return;
    }
    if (child.rule.restart == Restart.TEMPORARY || told.strategy == Strategy.SIMPLE_ONE_FOR_ONE) {
      remove(id);
    }
    boolean over =
        child.rule.significant
            && switch (told.autoShutdown) {
              case NEVER -> false;
              case ANY_SIGNIFICANT -> true;
              case ALL_SIGNIFICANT ->
                  children.stream()
                      .noneMatch(c -> c.rule.significant && !c.status.equals("undefined"));
            };
    if (over) {
      endAll();
    }
  }

  private void restart(String id, long now) {
    while (true) {
      restarts.add(now);
      if (restarts.stream().filter(then -> now - then <= told.period).count() > told.intensity) {
        endAll();
        return;
      }
      List<Child> group =
          switch (told.strategy) {
            case ONE_FOR_ONE, SIMPLE_ONE_FOR_ONE -> List.of(found(id));
            case ONE_FOR_ALL -> List.copyOf(children);
            case REST_FOR_ONE -> List.copyOf(children.subList(place(id), children.size()));
          };
      for (Child child : group.reversed()) {
        stop(child);
        if (child.rule.restart == Restart.TEMPORARY) {
          remove(child.rule.id);
        }
      }
      String failed = null;
      for (Child child : group) {
        if (child.rule.restart != Restart.TEMPORARY && failed == null) {
          failed = fails(child.rule.id) ? child.rule.id : null;
          if (failed == null) {
            children.set(place(child.rule.id), started(child.rule));
          }
        }
      }
      if (failed == null) {
        return;
      }
      id = failed; // it is tried again
    }
  }

  private boolean fails(String id) {
    int left = failures.getOrDefault(id, 0);
    if (left > 0) {
      failures.put(id, left - 1);
      log.add("fail " + id);
    }
    return left > 0;
  }

  private Child started(Rule rule) {
    log.add("start " + rule.id);
    return new Child(rule, "running", lives.merge(rule.id, 1, Integer::sum));
  }

  private void stop(Child child) {
    if (child.status.equals("running")) {
      log.add("stop " + child.rule.id);
    }
    set(child, "undefined");
  }

  private void endAll() {
    running().reversed().forEach(id -> log.add("stop " + id));
    children.clear();
    ended = true;
  }

  // ---- the list

  private void set(Child child, String status) {
    children.set(place(child.rule.id), new Child(child.rule, status, child.life));
  }

  private void remove(String id) {
    children.removeIf(child -> child.rule.id.equals(id));
  }

  private int place(String id) {
    return children.indexOf(found(id));
  }

  private Child found(String id) {
    Child child = find(id);
    if (child == null) {
      throw new IllegalStateException("there is no " + id);
    }
    return child;
  }

  private @Nullable Child find(String id) {
    for (Child child : children) {
      if (child.rule.id.equals(id)) {
        return child;
      }
    }
    return null;
  }

  /** {@code id=status} in the order of the list. */
  List<String> children() {
    return children.stream().map(child -> child.rule.id + "=" + child.status).toList();
  }

  /** The ids of those that run. */
  List<String> running() {
    return children.stream().filter(c -> c.status.equals("running")).map(c -> c.rule.id).toList();
  }

  int life(String id) {
    return found(id).life;
  }
}
