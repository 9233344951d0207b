package io.coppice.kernel.cell;

import io.coppice.kernel.cell.Signal.Demonitor;
import io.coppice.kernel.cell.Signal.Ended;
import io.coppice.kernel.cell.Signal.ExitSignal;
import io.coppice.kernel.cell.Signal.Link;
import io.coppice.kernel.cell.Signal.Monitor;
import io.coppice.kernel.mailbox.MessageQueue;
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
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The links and monitors of one process, as far as it knows them. Guarded by the process's token.
 *
 * <p>Most processes have a link, a watcher, or neither, and some have a million: monitors are in
 * two lists through themselves, of the one who watches and of the one who is watched, so that
 * nobody pays for a table.
 *
 * @see Signal.Link
 */
final class Relations {
  private @Nullable Map<ProcessCell, Link[]> links; // null: there was never one
  private @Nullable Monitor watching; // what this process watches, newest first
  private int watchingCount;
  private @Nullable Monitor watched; // who watches this process, newest first
  private int watchedCount;
  private @Nullable Set<ProcessCell> priorityLinks; // whose Exit goes before ordinary messages
  private int prioritySources; // priority links, monitors and active aliases (P74)
  private int aliases; // active ones, which are not known
  private @Nullable SaveQueue priorityMessages; // received, and not yet taken over by the owner

  boolean isLinked(ProcessCell peer) {
    return links != null && links.containsKey(peer);
  }

  void addLink(ProcessCell peer, Link link) {
    Map<ProcessCell, Link[]> all = links;
    if (all == null) {
      all = new HashMap<>(4);
      links = all;
    }
    Link[] known = all.get(peer);
    if (known == null) {
      all.put(peer, new Link[] {link});
    } else {
      Link[] more = Arrays.copyOf(known, known.length + 1);
      more[known.length] = link;
      all.put(peer, more);
    }
  }

  private Link @Nullable [] linksWith(ProcessCell peer) {
    return links == null ? null : links.get(peer);
  }

  private Set<ProcessCell> linked() {
    return links == null ? Set.of() : links.keySet();
  }

  /** Forgets all links with a peer and returns them, null if there was none. */
  Link @Nullable [] removeLinks(ProcessCell peer) {
    setPriority(peer, false);
    return links == null ? null : links.remove(peer);
  }

  /** Forgets the given links with a peer; true if it knew one of them. */
  boolean removeLinks(ProcessCell peer, Link[] gone) {
    Link[] known = linksWith(peer);
    if (known == null || links == null) {
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
    Link[] known = linksWith(peer);
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

  /** Where the next one is to be put: there is room for it. */
  SaveQueue roomForPriority(MessageQueue.Factory queues) {
    SaveQueue messages = priorityMessages;
    if (messages == null) {
      messages = queues.createSaveQueue();
      priorityMessages = messages;
    }
    messages.reserve(1);
    return messages;
  }

  @Nullable SaveQueue priorityMessagesIfAny() {
    return priorityMessages;
  }

  List<Pid> linkedPids() {
    return List.copyOf(linked());
  }

  /** Some of all of it, for those who look. A crash takes one: most have few relations or none. */
  ProcessInfo.Related copy() {
    return new ProcessInfo.Related(
        links == null
            ? List.of()
            : links.keySet().stream().limit(ProcessInfo.LISTED).<Pid>map(p -> p).toList(),
        linked().size(),
        watchingCount == 0
            ? List.of()
            : watching().limit(ProcessInfo.LISTED).map(m -> m.object).toList(),
        watchingCount,
        watchedCount == 0 ? List.of() : someWatchers(),
        watchedCount,
        aliases);
  }

  private List<Pid> someWatchers() {
    Monitor only = watched;
    return only != null && only.nextWatched == null
        ? List.of(only.watcher)
        : watched().limit(ProcessInfo.LISTED).<Pid>map(monitor -> monitor.watcher).toList();
  }

  /** What relates to processes that have ended, in words. */
  List<String> dangling() {
    List<String> all = new ArrayList<>();
    linked().stream()
        .filter(ProcessCell::hasEnded)
        .forEach(peer -> all.add("is linked with " + peer + ", which has ended"));
    watching()
        .filter(monitor -> monitor.target != null && monitor.target.hasEnded())
        .forEach(monitor -> all.add("watches " + monitor.target + ", which has ended"));
    watched()
        .filter(monitor -> monitor.watcher.hasEnded())
        .forEach(monitor -> all.add("is watched by " + monitor.watcher + ", which has ended"));
    return all;
  }

  // ---- what this process watches

  private Stream<Monitor> watching() {
    return Stream.iterate(watching, Objects::nonNull, monitor -> monitor.nextWatching);
  }

  void addMonitor(Monitor monitor) {
    if (monitor.watching) {
      return;
    }
    Monitor next = watching;
    monitor.watching = true;
    monitor.nextWatching = next;
    if (next != null) {
      next.previousWatching = monitor;
    }
    watching = monitor;
    watchingCount++;
    if (monitor.isPriority()) {
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
    if (!monitor.watching) {
      return false;
    }
    Monitor previous = monitor.previousWatching;
    Monitor next = monitor.nextWatching;
    if (previous == null) {
      watching = next;
    } else {
      previous.nextWatching = next;
    }
    if (next != null) {
      next.previousWatching = previous;
    }
    monitor.watching = false;
    monitor.previousWatching = null;
    monitor.nextWatching = null;
    watchingCount--;
    if (monitor.isPriority()) {
      prioritySources--;
    }
    return true;
  }

  List<Ref> monitorRefs() {
    return watching().<Ref>map(monitor -> monitor).toList();
  }

  // ---- who watches this process

  private Stream<Monitor> watched() {
    return Stream.iterate(watched, Objects::nonNull, monitor -> monitor.nextWatched);
  }

  void addWatcher(Monitor monitor) {
    if (monitor.watched) {
      return;
    }
    Monitor next = watched;
    monitor.watched = true;
    monitor.nextWatched = next;
    if (next != null) {
      next.previousWatched = monitor;
    }
    watched = monitor;
    watchedCount++;
  }

  void removeWatcher(Monitor monitor) {
    if (!monitor.watched) {
      return;
    }
    Monitor previous = monitor.previousWatched;
    Monitor next = monitor.nextWatched;
    if (previous == null) {
      watched = next;
    } else {
      previous.nextWatched = next;
    }
    if (next != null) {
      next.previousWatched = previous;
    }
    monitor.watched = false;
    monitor.previousWatched = null;
    monitor.nextWatched = null;
    watchedCount--;
  }

  /**
   * The process ends: tells everybody who is linked, watches or is watched. If it throws for lack
   * of memory, the next call goes on where this one stopped.
   */
  void announce(ProcessCell self, ExitReason reason) {
    if (links != null) {
      for (var all = links.entrySet().iterator(); all.hasNext(); all.remove()) {
        Map.Entry<ProcessCell, Link[]> link = all.next();
        link.getKey().deliverSurely(new ExitSignal(self, reason, link.getValue()));
      }
    }
    for (Monitor monitor = watched; monitor != null; monitor = watched) {
      monitor.watcher.deliverSurely(new Ended(monitor, reason));
      removeWatcher(monitor); // else whoever keeps one would keep all
    }
    for (Monitor monitor = watching; monitor != null; monitor = watching) {
      if (monitor.target != null) {
        monitor.target.deliverSurely(new Demonitor(monitor));
      }
      removeMonitor(monitor);
    }
  }
}
