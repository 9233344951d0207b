package io.coppice.kernel.cell;

import io.coppice.kernel.cell.Signal.Link;
import io.coppice.kernel.cell.Signal.Monitor;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The links and monitors of one process, as far as it knows them. Guarded by the process's token.
 *
 * @see Signal.Link
 */
final class Relations {
  private final Map<ProcessCell, Link[]> links = new HashMap<>(4);
  private final Set<Monitor> monitors = new HashSet<>(4); // this process watches
  private final Set<Monitor> watchers = new HashSet<>(4); // this process is watched

  boolean isLinked(ProcessCell peer) {
    return links.containsKey(peer);
  }

  void addLink(ProcessCell peer, Link link) {
    Link[] known = links.get(peer);
    if (known == null) {
      links.put(peer, new Link[] {link});
    } else {
      Link[] more = Arrays.copyOf(known, known.length + 1);
      more[known.length] = link;
      links.put(peer, more);
    }
  }

  /** Forgets all links with a peer and returns them, null if there was none. */
  Link @Nullable [] removeLinks(ProcessCell peer) {
    return links.remove(peer);
  }

  /** Forgets the given links with a peer; true if it knew one of them. */
  boolean removeLinks(ProcessCell peer, Link[] gone) {
    Link[] known = links.get(peer);
    if (known == null) {
      return false;
    }
    List<Link> left = new ArrayList<>(List.of(known));
    boolean any = left.removeAll(List.of(gone));
    if (left.isEmpty()) {
      links.remove(peer);
    } else {
      links.put(peer, left.toArray(Link[]::new));
    }
    return any;
  }

  /**
   * Forgets every link with a peer if one of the given ones is still known: that link has broken.
   */
  boolean breakLinks(ProcessCell peer, Link[] broken) {
    Link[] known = links.get(peer);
    if (known == null || Arrays.stream(known).noneMatch(l -> List.of(broken).contains(l))) {
      return false;
    }
    links.remove(peer);
    return true;
  }

  List<Pid> linkedPids() {
    return List.copyOf(links.keySet());
  }

  Map<ProcessCell, Link[]> links() {
    return links;
  }

  void addMonitor(Monitor monitor) {
    monitors.add(monitor);
  }

  boolean removeMonitor(Monitor monitor) {
    return monitors.remove(monitor);
  }

  Set<Monitor> monitors() {
    return monitors;
  }

  List<Ref> monitorRefs() {
    return List.copyOf(monitors);
  }

  void addWatcher(Monitor monitor) {
    watchers.add(monitor);
  }

  void removeWatcher(Monitor monitor) {
    watchers.remove(monitor);
  }

  Set<Monitor> watchers() {
    return watchers;
  }
}
