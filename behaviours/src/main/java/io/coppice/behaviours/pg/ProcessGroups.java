package io.coppice.behaviours.pg;

import io.coppice.behaviours.Call;
import io.coppice.behaviours.pg.ScopeServer.Demonitor;
import io.coppice.behaviours.pg.ScopeServer.Join;
import io.coppice.behaviours.pg.ScopeServer.Leave;
import io.coppice.behaviours.pg.ScopeServer.WatchGroup;
import io.coppice.behaviours.pg.ScopeServer.WatchScope;
import io.coppice.behaviours.server.GenServer;
import io.coppice.behaviours.server.ServerOptions;
import io.coppice.behaviours.server.ServerRef;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Ref;
import io.coppice.supervisor.ChildSpec;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A scope of process groups (semantics PG1–PG7, OTP's {@code pg}): a group exists while it has
 * members, and a process that ends leaves all of its groups.
 *
 * {@snippet class="io.coppice.behaviours.pg.ProcessGroupsTest" region="groups"}
 *
 * <p>This is the handle of a scope, which a process keeps that is registered under its name: {@link
 * #start} it, or make it a {@link #child} of a supervisor. When that process ends, all memberships
 * are forgotten and the members live on (PG6); the next one begins with none, under this same
 * handle. So those who join should do it under the same supervisor, {@code restForOne}, or watch
 * the scope's process.
 *
 * <p>Reading asks nobody: {@link #members} is one look into a table, and what it returns does not
 * change any more. Joining and leaving wait for the scope's process, so they have happened, for
 * every reader, when they return (PG4). An end is noticed a moment later: a process that has ended
 * may be listed until then.
 *
 * <p>Any thread may use it, inside and outside of processes. There is one node, so all members are
 * local ones.
 *
 * @param <G> what groups are called, with a meaningful {@code equals}
 */
public final class ProcessGroups<G> {
  /** The name of the scope that is meant if none is named (PG1). */
  public static final String DEFAULT_SCOPE = "pg";

  private final String scope;
  private final AtomicReference<@Nullable Running<G>> running = new AtomicReference<>();

  private ProcessGroups(String scope) {
    this.scope = scope;
  }

  /** One life of the scope: the process writes the table, which others read. */
  record Running<G>(Processes node, Pid pid, ConcurrentMap<G, List<Pid>> members) {
    boolean isOver() {
      return node.hasEnded(pid);
    }
  }

  /**
   * A group that is being watched from now on (PG5).
   *
   * @param ref what its events carry
   * @param members who is in it now; all that happens later is told
   */
  public record Watch(Ref ref, List<Pid> members) {}

  /**
   * A scope that is being watched from now on (PG5).
   *
   * @param ref what its events carry
   * @param groups all groups and their members now; all that happens later is told
   * @param <G> the type of the groups
   */
  public record ScopeWatch<G>(Ref ref, Map<G, List<Pid>> groups) {}

  // ---- the scope

  /**
   * The default scope, {@value #DEFAULT_SCOPE}, which is still to be started.
   *
   * @param <G> the type of the groups
   * @return its handle
   */
  public static <G> ProcessGroups<G> scope() {
    return scope(DEFAULT_SCOPE);
  }

  /**
   * A scope that is still to be started.
   *
   * @param name the name its process will have
   * @param <G> the type of the groups
   * @return its handle
   */
  public static <G> ProcessGroups<G> scope(String name) {
    return new ProcessGroups<>(Objects.requireNonNull(name, "name"));
  }

  /**
   * Starts the scope; nobody is linked with its process.
   *
   * @param node where
   * @return this
   * @throws NameTaken if there is a process with this name
   * @throws CallFailed if this handle's scope runs on another node
   */
  public ProcessGroups<G> start(Processes node) {
    GenServer.start(node, () -> new ScopeServer<>(this), options()).orThrow();
    return this;
  }

  /**
   * Starts the scope; its process is linked with the calling one and ends with it.
   *
   * @param self the calling process
   * @return this
   * @throws NameTaken if there is a process with this name
   * @throws CallFailed if this handle's scope runs on another node
   */
  public ProcessGroups<G> startLink(Context self) {
    GenServer.startLink(self, () -> new ScopeServer<>(this), options()).orThrow();
    return this;
  }

  /**
   * The scope as the child of a supervisor; each life of it begins without groups.
   *
   * @return a permanent worker, whose id is the name of the scope
   */
  public ChildSpec child() {
    return GenServer.child(scope, () -> new ScopeServer<>(this), options());
  }

  private ServerOptions options() {
    return ServerOptions.named(scope);
  }

  /** By the process of the scope: from now on the table is its; false if another process lives. */
  boolean begin(Running<G> life) {
    Running<G> last = running.get();
    return (last == null || last.isOver()) && running.compareAndSet(last, life);
  }

  // ---- reading

  /**
   * Who is in a group (PG3, {@code get_members}). Asks nobody and never waits.
   *
   * @param group any group
   * @return the members in the order in which they joined, a process as often as it did; empty if
   *     there is no such group, and if the scope does not run
   */
  public List<Pid> members(G group) {
    Objects.requireNonNull(group, "group");
    Running<G> life = running.get();
    if (life == null || life.isOver()) {
      return List.of();
    }
    List<Pid> members = life.members().get(group);
    return members == null ? List.of() : members;
  }

  /**
   * The groups that have members (PG3, {@code which_groups}). Asks nobody and never waits.
   *
   * @return a snapshot in no particular order
   * @throws IllegalArgumentException if the scope does not run
   */
  public Set<G> groups() {
    Running<G> life = running.get();
    if (life == null || life.isOver()) {
      throw new IllegalArgumentException(
          "The scope '" + scope + "' has no groups to list: it was not started, or has ended");
    }
    return Set.copyOf(life.members().keySet());
  }

  // ---- joining and leaving

  /**
   * Adds a process to a group (PG2). A process may join several times, and must leave as often.
   *
   * @param group any group
   * @param pid the process; one that has ended leaves again at once
   * @throws IllegalArgumentException if it is no process of this node ({@code nolocal})
   * @throws CallFailed with {@code noproc} if the scope does not run
   */
  public void join(G group, Pid pid) {
    join(group, List.of(pid));
  }

  /**
   * Adds processes to a group in one step: readers see all of them, or none (PG2).
   *
   * @param group any group
   * @param pids the processes, in order; one that is in there twice joins twice
   * @throws IllegalArgumentException if one is no process of this node ({@code nolocal}); nobody
   *     has joined
   * @throws CallFailed with {@code noproc} if the scope does not run
   */
  public void join(G group, Collection<Pid> pids) {
    Objects.requireNonNull(group, "group");
    List<Pid> joining = List.copyOf(pids);
    ask(new Join<>(group, joining), joining);
  }

  /**
   * Takes a process out of a group, once (PG2).
   *
   * @param group any group
   * @param pid any process
   * @return whether it was a member; false if not ({@code not_joined}), for instance because it has
   *     just ended (PG7)
   * @throws IllegalArgumentException if it is no process of this node
   * @throws CallFailed with {@code noproc} if the scope does not run
   */
  public boolean leave(G group, Pid pid) {
    return leave(group, List.of(pid));
  }

  /**
   * Takes processes out of a group in one step (PG2).
   *
   * @param group any group
   * @param pids the processes; those that are no members are passed over
   * @return whether one of them was a member
   * @throws IllegalArgumentException if one is no process of this node; nobody has left
   * @throws CallFailed with {@code noproc} if the scope does not run
   */
  public boolean leave(G group, Collection<Pid> pids) {
    Objects.requireNonNull(group, "group");
    List<Pid> leaving = List.copyOf(pids);
    return ask(new Leave<>(group, leaving), leaving);
  }

  // ---- watching

  /**
   * Watches a group: from the members in the result on, the calling process gets a {@link
   * GroupEvent} for each change, in order; none is lost, and none is told that is in the result
   * already (PG5). It ends with {@link #demonitor}, with the calling process, or with the scope,
   * which is not told: watch the scope's process for that.
   *
   * <p>A watcher with a limited mailbox has to keep up: if that is full, events are lost and
   * counted, or the scope waits, as the limit says.
   *
   * @param self the calling process
   * @param group any group, which need not exist
   * @return the reference of the events, and the members now
   * @throws CallFailed with {@code noproc} if the scope does not run
   */
  public Watch monitor(Context self, G group) {
    Objects.requireNonNull(group, "group");
    return ask(new WatchGroup<>(group), List.of(self.pid()));
  }

  /**
   * Watches all groups of the scope, as {@link #monitor} does with one (PG5).
   *
   * @param self the calling process
   * @return the reference of the events, and the groups now
   * @throws CallFailed with {@code noproc} if the scope does not run
   */
  public ScopeWatch<G> monitorScope(Context self) {
    return ask(new WatchScope<G>(), List.of(self.pid()));
  }

  /**
   * Ends a watching of the calling process. No event of it is in the mailbox afterwards (PG5).
   *
   * @param self the calling process
   * @param watching the reference of the watching
   * @return whether there was one, and the calling process had begun it
   * @throws CallFailed with {@code noproc} if the scope does not run
   */
  public boolean demonitor(Context self, Ref watching) {
    boolean was = ask(new Demonitor<>(watching), List.of(self.pid()));
    boolean flushing = was; // all were sent before the answer, so they have arrived
    while (flushing) {
      flushing = self.receive(message -> isOf(watching, message), Duration.ZERO).isPresent();
    }
    return was;
  }

  private static boolean isOf(Ref watching, Object message) {
    return message instanceof GroupEvent<?> event && event.ref().equals(watching);
  }

  /**
   * Asks the process of the scope.
   *
   * @param concerned processes that must be of its node
   */
  private <R> R ask(Call<?, R> request, List<Pid> concerned) {
    Running<G> life = running.get();
    if (life == null) {
      throw new CallFailed(ExitReason.NO_PROCESS, "call(" + scope + ", " + request + ")");
    }
    for (Pid pid : concerned) {
      boolean _ = life.node().hasEnded(pid); // refuses those of other nodes
    }
    return ServerRef.<Object>of(life.node(), life.pid()).call(request, null);
  }

  /** A table for a new life of the scope. */
  static <G> ConcurrentMap<G, List<Pid>> newTable() {
    return new ConcurrentHashMap<>();
  }

  /** The name of the scope. */
  @Override
  public String toString() {
    return scope;
  }
}
