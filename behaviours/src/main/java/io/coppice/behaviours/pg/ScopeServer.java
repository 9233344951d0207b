package io.coppice.behaviours.pg;

import io.coppice.behaviours.Call;
import io.coppice.behaviours.pg.ProcessGroups.Running;
import io.coppice.behaviours.pg.ProcessGroups.ScopeWatch;
import io.coppice.behaviours.pg.ProcessGroups.Watch;
import io.coppice.behaviours.server.GenServer;
import io.coppice.behaviours.server.Init;
import io.coppice.behaviours.server.Result;
import io.coppice.behaviours.server.Step;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.MailboxFull;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The process of a scope: the only one that writes its table.
 *
 * <p>What it is asked by strangers ends it (PG7).
 */
final class ScopeServer<G> implements GenServer<Object, ConcurrentMap<G, List<Pid>>> {
  /* One writer, many readers. A group's members are one immutable list, which a change replaces: readers see
   * a join of several processes whole, and keep what they saw. (So a join copies the list; OTP's table does
   * as much.)
   *
   * Invariants, between two messages:
   *   1. The table has a group exactly if it has members; a process is in its list as often as the group
   *      is in the process's Member, and there is a Member exactly if there is a membership.
   *   2. Each Member and each Watcher has one monitor; `watched` knows it.
   *   3. Who watches has been told of every change since its snapshot, in the order of the changes, after the
   *      table showed it. The snapshot is the answer to a message of its own, so it cannot overlap a change.
   *
   * A leave that races with the end of the member comes before or after its Down: one of the two finds the
   * membership, the other one finds nothing, which is no error.
   */
  private final ProcessGroups<G> handle;
  private final Map<Pid, Member<G>> members = new HashMap<>();
  private final Map<Ref, Watched> watched = new HashMap<>(); // by our monitor
  private final Map<Ref, Watcher<G>> watchers = new LinkedHashMap<>(); // of the whole scope
  private final Map<G, Map<Ref, Watcher<G>>> groupWatchers = new HashMap<>();
  private final Map<Ref, Watcher<G>> byRef = new HashMap<>();
  private @Nullable Context self;

  ScopeServer(ProcessGroups<G> handle) {
    this.handle = handle;
  }

  /** What a scope is asked. */
  sealed interface Message<G> {}

  record Join<G>(G group, List<Pid> pids) implements Message<G>, Call<Object, Boolean> {}

  record Leave<G>(G group, List<Pid> pids) implements Message<G>, Call<Object, Boolean> {}

  record WatchGroup<G>(G group) implements Message<G>, Call<Object, Watch> {}

  record WatchScope<G>() implements Message<G>, Call<Object, ScopeWatch<G>> {}

  record Demonitor<G>(Ref ref) implements Message<G>, Call<Object, Boolean> {}

  private sealed interface Watched {}

  /** Who has joined, and what, as often as it did. */
  private record Member<G>(Pid pid, Ref monitor, List<G> groups) implements Watched {}

  /** Who is told, of one group or, if that is null, of all. */
  private record Watcher<G>(Ref ref, Pid pid, Ref monitor, @Nullable G group) implements Watched {}

  @Override
  public Init<ConcurrentMap<G, List<Pid>>> init(Context context) {
    self = context;
    ConcurrentMap<G, List<Pid>> table = ProcessGroups.newTable();
    return handle.begin(new Running<>(context.node(), context.pid(), table))
        ? Init.state(table)
        : Init.error(
            ExitReason.of("the scope " + handle + " runs already, perhaps on another node"));
  }

  @Override
  public Result<ConcurrentMap<G, List<Pid>>> handleCall(
      Object request, Request from, ConcurrentMap<G, List<Pid>> table) {
    if (!(request instanceof Message<?> message)) {
      throw unknown("call", request);
    }
    Object answer =
        switch (trusted(message)) {
          case Join<G>(G group, List<Pid> pids) -> join(table, group, pids);
          case Leave<G>(G group, List<Pid> pids) -> leave(table, group, pids);
          case WatchGroup<G>(G group) ->
              new Watch(watch(from, group), table.getOrDefault(group, List.of()));
          case WatchScope<G>() -> new ScopeWatch<>(watch(from, null), Map.copyOf(table));
          case Demonitor<G>(Ref ref) -> demonitor(ref, from);
        };
    return Result.reply(answer, table);
  }

  @Override
  public Step<ConcurrentMap<G, List<Pid>>> handleCast(
      Object message, ConcurrentMap<G, List<Pid>> table) {
    throw unknown("cast", message);
  }

  @Override
  public Step<ConcurrentMap<G, List<Pid>>> handleInfo(
      Object message, ConcurrentMap<G, List<Pid>> table) {
    if (!(message instanceof Down(Ref monitor, _, _))) {
      throw unknown("message", message);
    }
    switch (watched.remove(monitor)) {
      case Member<?> member -> ended(table, members.remove(member.pid()));
      case Watcher<?> watcher -> forget(watcher.ref());
      case null -> {} // it ended when it was watched no more
    }
    return Step.next(table);
  }

  private IllegalArgumentException unknown(String kind, Object what) {
    return new IllegalArgumentException(
        "badarg: the scope '" + handle + "' got a " + kind + " it does not know: " + what);
  }

  // ---- membership

  private boolean join(ConcurrentMap<G, List<Pid>> table, G group, List<Pid> pids) {
    if (pids.isEmpty()) {
      return true;
    }
    for (Pid pid : pids) {
      Member<G> member = members.get(pid);
      if (member == null) {
        member = new Member<>(pid, self().monitor(pid), new ArrayList<>(1));
        members.put(pid, member);
        watched.put(member.monitor(), member);
      }
      member.groups().add(group);
    }
    List<Pid> all = new ArrayList<>(table.getOrDefault(group, List.of()));
    all.addAll(pids);
    table.put(group, List.copyOf(all));
    tell(group, pids, true);
    return true;
  }

  private boolean leave(ConcurrentMap<G, List<Pid>> table, G group, List<Pid> pids) {
    List<Pid> left = new ArrayList<>(pids.size());
    for (Pid pid : pids) {
      Member<G> member = members.get(pid);
      if (member != null && member.groups().remove(group)) {
        left.add(pid);
        if (member.groups().isEmpty()) {
          members.remove(pid);
          watched.remove(member.monitor());
          self()
              .demonitor(member.monitor()); // not flushed, which would look through all that waits
        }
      }
    }
    if (left.isEmpty()) {
      return false;
    }
    remove(table, group, left);
    tell(group, left, false);
    return true;
  }

  private void ended(ConcurrentMap<G, List<Pid>> table, @Nullable Member<G> member) {
    for (G group : Objects.requireNonNull(member).groups()) {
      List<Pid> left = List.of(member.pid());
      remove(table, group, left);
      tell(group, left, false);
    }
  }

  /** Takes them out of the group, each once for each time it is listed. */
  private static <G> void remove(ConcurrentMap<G, List<Pid>> table, G group, List<Pid> left) {
    List<Pid> rest = new ArrayList<>(table.getOrDefault(group, List.of()));
    left.forEach(rest::remove);
    if (rest.isEmpty()) {
      table.remove(group);
    } else {
      table.put(group, List.copyOf(rest));
    }
  }

  // ---- watching

  private Ref watch(Request from, @Nullable G group) {
    Pid pid = from.caller();
    if (pid == null) {
      throw unknown("watch request of a thread that is no process, a call", from.payload());
    }
    Watcher<G> watcher = new Watcher<>(Ref.create(), pid, self().monitor(pid), group);
    byRef.put(watcher.ref(), watcher);
    watched.put(watcher.monitor(), watcher);
    Map<Ref, Watcher<G>> told =
        group == null ? watchers : groupWatchers.computeIfAbsent(group, _ -> new LinkedHashMap<>());
    told.put(watcher.ref(), watcher);
    return watcher.ref();
  }

  private boolean demonitor(Ref ref, Request from) {
    Watcher<G> watcher = byRef.get(ref);
    if (watcher == null || !watcher.pid().equals(from.caller())) {
      return false;
    }
    watched.remove(watcher.monitor());
    self().demonitor(watcher.monitor());
    forget(ref);
    return true;
  }

  private void forget(Ref ref) {
    Watcher<G> watcher = Objects.requireNonNull(byRef.remove(ref));
    G group = watcher.group();
    if (group == null) {
      watchers.remove(ref);
    } else {
      groupWatchers.computeIfPresent(
          group,
          (_, told) -> {
            told.remove(ref);
            return told.isEmpty() ? null : told;
          });
    }
  }

  private void tell(G group, List<Pid> pids, boolean joined) {
    List<Pid> who = List.copyOf(pids);
    watchers.values().forEach(watcher -> tell(watcher, group, who, joined));
    groupWatchers
        .getOrDefault(group, Map.of())
        .values()
        .forEach(watcher -> tell(watcher, group, who, joined));
  }

  private void tell(Watcher<G> watcher, G group, List<Pid> who, boolean joined) {
    Ref ref = watcher.ref();
    try {
      self()
          .send(
              watcher.pid(),
              joined
                  ? new GroupEvent.Joined<>(ref, group, who)
                  : new GroupEvent.Left<>(ref, group, who));
    } catch (MailboxFull full) {
      return; // the kernel has counted it; its mailbox is the watcher's own affair
    }
  }

  private Context self() {
    return Objects.requireNonNull(self, "init has not run");
  }

  @SuppressWarnings("unchecked") // only handles of this scope make its messages
  private Message<G> trusted(Message<?> message) {
    return (Message<G>) message;
  }
}
