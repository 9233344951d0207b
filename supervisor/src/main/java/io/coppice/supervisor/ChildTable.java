package io.coppice.supervisor;

import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The children of a supervisor in start order, found by id or by pid, added and removed in constant
 * time (SU93).
 *
 * <p>Children with ids are in {@code byId}, whose insertion order is the start order. Children of a
 * simple_one_for_one supervisor have none and are in {@code byPid} alone, whose order means nothing
 * there. In {@code byPid} a child stands under its last pid until it gets a new one or goes.
 */
final class ChildTable {
  private final boolean simple;
  private Map<String, Child> byId = new LinkedHashMap<>();
  private final Map<Pid, Child> byPid = new LinkedHashMap<>();
  private int parked; // how many are; others may look

  ChildTable(boolean simple) {
    this.simple = simple;
  }

  /** Adds a child with an id at the end, not started. */
  void add(Child child) {
    assert !simple;
    byId.put(child.spec().id(), child);
  }

  /** The child has been started; enters a dynamic one that is new. */
  void running(Child child, Pid pid, long nowNanos) {
    unpark(child);
    forgetPid(child);
    child.running(pid, nowNanos);
    byPid.put(pid, child);
  }

  /** The child is set aside until somebody wants it back. */
  void park(Child child) {
    noteParked(child);
    child.parked();
  }

  /** The child is set aside until the try that is announced with the reference returned. */
  Ref parkForTime(Child child) {
    noteParked(child);
    return child.parkedForTime();
  }

  private void noteParked(Child child) {
    if (child.status() != ChildStatus.PARKED) {
      parked++;
    }
  }

  private void unpark(Child child) {
    if (child.status() == ChildStatus.PARKED) {
      parked--;
    }
  }

  /** The child is not running and stays in the books, unless its kind does not. */
  void gone(Child child) {
    if (simple || child.isTemporary()) {
      remove(child);
    } else {
      unpark(child);
      forgetPid(child);
      child.stopped();
    }
  }

  void remove(Child child) {
    unpark(child);
    forgetPid(child);
    child.stopped();
    byId.remove(child.spec().id(), child);
  }

  private void forgetPid(Child child) {
    Pid last = child.lastPid();
    if (last != null) {
      byPid.remove(last, child);
    }
  }

  /**
   * New specifications (SU90): known ids keep their process, new ones are not started, and ids that
   * are in the old list only come last.
   */
  void update(List<ChildSpec> specs) {
    if (simple) {
      ChildSpec template = specs.getFirst();
      byPid.values().forEach(child -> child.spec(child.asAskedFor(template)));
      return;
    }
    Map<String, Child> updated = new LinkedHashMap<>();
    for (ChildSpec spec : specs) {
      Child known = byId.remove(spec.id());
      if (known != null) {
        known.spec(spec);
      }
      updated.put(spec.id(), known != null ? known : new Child(spec, null));
    }
    updated.putAll(byId);
    byId = updated;
  }

  int size() {
    return simple ? byPid.size() : byId.size();
  }

  /** How many there are, in words; for any thread a momentary value. */
  String summary() {
    int count = size();
    String all = count == 1 ? "1 child" : count + " children";
    int aside = parked;
    return aside == 0 ? all : all + " (" + aside + " parked)";
  }

  @Nullable Child withId(String id) {
    return byId.get(id);
  }

  /** The child that has, or had last, that pid. */
  @Nullable Child withPid(Pid pid) {
    return byPid.get(pid);
  }

  /** Why a child cannot be restarted or deleted on request (SU71, SU72); null if it can. */
  @Nullable Refusal unlessStopped(String id) {
    if (simple) {
      return Refusal.SIMPLE_ONE_FOR_ONE;
    }
    Child child = byId.get(id);
    return child == null ? Refusal.NOT_FOUND : child.unlessStopped();
  }

  /** A copy, so that the table may change meanwhile. */
  List<Child> inStartOrder() {
    return new ArrayList<>(simple ? byPid.values() : byId.values());
  }

  /** A copy as well. */
  List<Child> newestFirst() {
    return inStartOrder().reversed();
  }

  /** A child and those after it, in start order. */
  List<Child> from(Child first) {
    List<Child> rest = new ArrayList<>();
    for (Child child : newestFirst()) {
      rest.add(child);
      if (child.equals(first)) {
        break;
      }
    }
    return rest.reversed();
  }
}
