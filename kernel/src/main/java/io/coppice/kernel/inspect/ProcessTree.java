package io.coppice.kernel.inspect;

import io.coppice.kernel.cell.Glance;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who has spawned whom, and who waits for whom. Immutable once made. */
final class ProcessTree {
  private final Map<Pid, Glance> all = new HashMap<>();
  private final Map<Pid, List<Glance>> children = new HashMap<>();
  private final List<Glance> top = new ArrayList<>();

  ProcessTree(List<Glance> processes) {
    for (Glance process : processes) {
      all.put(process.pid(), process);
    }
    for (Glance process : processes) {
      if (all.containsKey(process.parent())) {
        children.computeIfAbsent(process.parent(), _ -> new ArrayList<>()).add(process);
      } else {
        top.add(process);
      }
    }
  }

  /** Those whose parent is the root of the node, or has ended. */
  List<Glance> top() {
    return top;
  }

  List<Glance> children(Glance parent) {
    return children.getOrDefault(parent.pid(), List.of());
  }

  /** The most telling of them, in the order of their numbers. */
  List<Glance> chosen(List<Glance> siblings, int max) {
    Comparator<Glance> order = Comparator.comparingLong(process -> process.pid().number());
    if (siblings.size() <= max) {
      return siblings.stream().sorted(order).toList();
    }
    Comparator<Glance> telling =
        Comparator.<Glance>comparingInt(process -> children.containsKey(process.pid()) ? 0 : 1)
            .thenComparingInt(process -> -process.queueLength())
            .thenComparingInt(process -> rank(process.status()))
            .thenComparing(order);
    return siblings.stream().sorted(telling).limit(max).sorted(order).toList();
  }

  private static int rank(ProcessStatus status) {
    return switch (status) {
      case ZOMBIE, DYING, EXITING -> 0;
      case RUNNING, BLOCKED -> 1;
      case RUNNABLE -> 2;
      case WAITING -> 3;
      case IDLE, DEAD -> 4;
    };
  }

  /** Those with the most messages in their queues, the longest queue first. */
  List<Glance> longestQueues(int max) {
    return all.values().stream()
        .filter(process -> process.queueLength() > 0)
        .sorted(
            Comparator.<Glance>comparingInt(process -> -process.queueLength())
                .thenComparingLong(process -> process.pid().number()))
        .limit(max)
        .toList();
  }

  /** Processes that wait for each other's answers in a ring; each ring once. */
  List<List<Pid>> cycles() {
    List<List<Pid>> rings = new ArrayList<>();
    Set<Pid> known = new HashSet<>();
    all.values().stream()
        .filter(process -> process.awaits() != null)
        .sorted(Comparator.comparingLong(process -> process.pid().number()))
        .forEach(process -> follow(process, known, rings));
    return rings;
  }

  private void follow(Glance first, Set<Pid> known, List<List<Pid>> rings) {
    List<Pid> path = new ArrayList<>();
    @Nullable Glance next = first;
    while (next != null && known.add(next.pid())) {
      path.add(next.pid());
      Pid awaited = next.awaits();
      int start = awaited == null ? -1 : path.indexOf(awaited);
      if (start >= 0) {
        rings.add(List.copyOf(path.subList(start, path.size())));
        return;
      }
      next = awaited == null ? null : all.get(awaited);
    }
  }
}
