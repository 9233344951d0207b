package io.coppice.kernel.process;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Names of any type, as many for one process as one likes (semantics P63: {@code global}, as far as
 * one node goes). The name of a process that has ended is free. Any thread may use it.
 *
 * {@snippet :
 * GlobalNames names = GlobalNames.start(node);
 * node.spawn(new Printer(), SpawnOptions.DEFAULT.via(names, List.of("printer", 3)));
 * names.send(List.of("printer", 3), new Page());
 * }
 *
 * <p>Nodes form no nets yet, so there is no conflict of names to resolve when two nets meet.
 */
public final class GlobalNames implements NameRegistry {
  /* The table is what counts: names are taken and freed by its atomic operations. A process beside it watches
   * those who are registered and takes out what the dead leave behind. Until it has done so, or if somebody
   * kills it, a name whose process has ended counts as free all the same: each look checks the process.
   */
  private final Processes node;
  private final ConcurrentHashMap<Object, Pid> table = new ConcurrentHashMap<>();
  private final Pid watcher;

  private GlobalNames(Processes node) {
    this.node = node;
    this.watcher =
        node.spawn(new Watcher(), SpawnOptions.DEFAULT.initialCall(GlobalNames.class.getName()));
  }

  /**
   * An empty table of names, and the process that keeps it clean.
   *
   * @param node where the processes live
   * @return the registry
   */
  public static GlobalNames start(Processes node) {
    return new GlobalNames(node instanceof Context self ? self.node() : node);
  }

  @Override
  public boolean registerName(Object key, Pid pid) {
    if (node.hasEnded(pid)) {
      throw new IllegalArgumentException(
          pid + " cannot be registered as " + key + ": it has ended");
    }
    Pid old = table.putIfAbsent(key, pid);
    while (old != null) {
      if (!node.hasEnded(old)) {
        return false;
      }
      old = table.replace(key, old, pid) ? null : table.putIfAbsent(key, pid);
    }
    node.send(watcher, new Registered(key, pid));
    return true;
  }

  /**
   * Gives a name to a process, whoever has had it, in one step (P63).
   *
   * @param key the name
   * @param pid a living process
   */
  public void reregisterName(Object key, Pid pid) {
    if (node.hasEnded(pid)) {
      throw new IllegalArgumentException(
          pid + " cannot be registered as " + key + ": it has ended");
    }
    table.put(key, pid);
    node.send(watcher, new Registered(key, pid));
  }

  @Override
  public void unregisterName(Object key) {
    Pid holder = table.remove(key);
    if (holder != null) {
      node.send(watcher, new Unregistered(key, holder));
    }
  }

  @Override
  public Optional<Pid> whereisName(Object key) {
    return Optional.ofNullable(table.get(key)).filter(pid -> !node.hasEnded(pid));
  }

  @Override
  public void send(Object key, Object message) {
    Pid to =
        whereisName(key)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "No process is registered as "
                            + CrashText.value(key)
                            + ", so the message cannot be sent: "
                            + CrashText.value(message)));
    node.send(to, message);
  }

  /**
   * All names registered now.
   *
   * @return a snapshot
   */
  public Set<Object> registeredNames() {
    Set<Object> names = new HashSet<>();
    table.forEach(
        (key, pid) -> {
          if (!node.hasEnded(pid)) {
            names.add(key);
          }
        });
    return Set.copyOf(names);
  }

  @Override
  public String toString() {
    return "global";
  }

  private record Registered(Object key, Pid pid) {}

  private record Unregistered(Object key, Pid pid) {}

  /** Takes out the names of the dead. */
  private final class Watcher implements Reactive {
    private final Map<Pid, Set<Object>> names = new HashMap<>();

    @Override
    public void onMessage(Context self, Object message) {
      switch (message) {
        case Registered(Object key, Pid pid) -> {
          Set<Object> known = names.get(pid);
          if (known == null) {
            known = new HashSet<>();
            names.put(pid, known);
            Ref _ = self.monitor(pid);
          }
          known.add(key);
        }
        case Unregistered(Object key, Pid pid) -> {
          Set<Object> known = names.get(pid);
          if (known != null && !pid.equals(table.get(key))) {
            known.remove(key);
          }
        }
        case Down(Ref _, Pid ended, ExitReason _) -> {
          Set<Object> left = names.remove(ended);
          if (left != null) {
            left.forEach(key -> table.remove(key, ended));
          }
        }
        default -> {} // whatever a stranger has sent
      }
    }
  }
}
