package io.coppice.kernel.cell;

import io.coppice.kernel.cell.Signal.Demonitor;
import io.coppice.kernel.cell.Signal.Ended;
import io.coppice.kernel.cell.Signal.ExitSignal;
import io.coppice.kernel.cell.Signal.Link;
import io.coppice.kernel.cell.Signal.Monitor;
import io.coppice.kernel.mailbox.SaveQueue;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessInfo;
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
  private @Nullable Set<ProcessCell> priorityLinks; // whose Exit goes before ordinary messages
  private int prioritySources; // priority links, monitors and active aliases (P74)
  private int aliases; // active ones, which are not known
  private @Nullable SaveQueue priorityMessages; // received, and not yet taken over by the owner

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
    setPriority(peer, false);
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
      removeLinks(peer);
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
    removeLinks(peer);
    return true;
  }

  /** Whether the Exit of a link goes before ordinary messages (P70). */
  boolean isPriority(ProcessCell peer) {
    return priorityLinks != null && priorityLinks.contains(peer);
  }

  void setPriority(ProcessCell peer, boolean on) {
    if (on) {
      if (priorityLinks == null) {
        priorityLinks = new HashSet<>(4);
      }
      if (priorityLinks.add(peer)) {
        prioritySources++;
      }
    } else if (priorityLinks != null && priorityLinks.remove(peer)) {
      prioritySources--;
    }
  }

  boolean takesPriority() {
    return prioritySources > 0;
  }

  SaveQueue priorityMessages() {
    if (priorityMessages == null) {
      priorityMessages = new SaveQueue();
    }
    return priorityMessages;
  }

  @Nullable SaveQueue priorityMessagesIfAny() {
    return priorityMessages;
  }

  List<Pid> linkedPids() {
    return List.copyOf(links.keySet());
  }

  /** Some of all of it, for those who look. */
  ProcessInfo.Related copy() {
    return new ProcessInfo.Related(
        links.keySet().stream().limit(ProcessInfo.LISTED).<Pid>map(peer -> peer).toList(),
        links.size(),
        monitors.stream().limit(ProcessInfo.LISTED).map(monitor -> monitor.object).toList(),
        monitors.size(),
        watchers.stream().limit(ProcessInfo.LISTED).<Pid>map(seen -> seen.watcher).toList(),
        watchers.size(),
        aliases);
  }

  /** What relates to processes that have ended, in words. */
  List<String> dangling() {
    List<String> all = new ArrayList<>();
    links.keySet().stream()
        .filter(ProcessCell::hasEnded)
        .forEach(peer -> all.add("is linked with " + peer + ", which has ended"));
    monitors.stream()
        .filter(monitor -> monitor.target != null && monitor.target.hasEnded())
        .forEach(monitor -> all.add("watches " + monitor.target + ", which has ended"));
    watchers.stream()
        .filter(monitor -> monitor.watcher.hasEnded())
        .forEach(monitor -> all.add("is watched by " + monitor.watcher + ", which has ended"));
    return all;
  }

  void addMonitor(Monitor monitor) {
    if (monitors.add(monitor) && monitor.isPriority()) {
      prioritySources++;
    }
    if (monitor.aliasState() != null) {
      aliases++;
    }
  }

  /** An alias has been made that is not one of those monitors. */
  void addAlias(boolean priority) {
    aliases++;
    if (priority) {
      prioritySources++;
    }
  }

  /** An alias has been deactivated. */
  void removeAlias(boolean priority) {
    aliases--;
    if (priority) {
      prioritySources--;
    }
  }

  /** Ends a monitor, and with it the alias that does not outlive it; whether there was one. */
  boolean removeMonitor(Monitor monitor) {
    AliasState alias = monitor.aliasState();
    if (alias != null) {
      alias.monitorEnded(this);
    }
    if (!monitors.remove(monitor)) {
      return false;
    }
    if (monitor.isPriority()) {
      prioritySources--;
    }
    return true;
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

  /**
   * The process ends: tells everybody who is linked, watches or is watched. If it throws for lack
   * of memory, the next call goes on where this one stopped.
   */
  void announce(ProcessCell self, ExitReason reason) {
    for (var all = links.entrySet().iterator(); all.hasNext(); all.remove()) {
      Map.Entry<ProcessCell, Link[]> link = all.next();
      link.getKey().deliverSurely(new ExitSignal(self, reason, link.getValue()));
    }
    for (var all = watchers.iterator(); all.hasNext(); all.remove()) {
      Monitor watcher = all.next();
      watcher.watcher.deliverSurely(new Ended(watcher, reason));
    }
    for (var all = monitors.iterator(); all.hasNext(); all.remove()) {
      Monitor own = all.next();
      if (own.target != null) {
        own.target.deliverSurely(new Demonitor(own));
      }
    }
  }
}
