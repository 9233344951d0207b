package io.coppice.supervisor;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.ViaName;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A supervisor of several copies of one child, and the way from a key to the copy that is in charge
 * of it (semantics PS1–PS3, Elixir's {@code PartitionSupervisor}): for a child that would be a
 * bottleneck alone, such as a dynamic supervisor under which many start children at once.
 *
 * {@snippet class="io.coppice.supervisor.SupervisorSnippets" region="partitions"}
 *
 * <p>The partitions are numbered from 0, and restarted alone when they fail, 3 times within 5
 * seconds unless told otherwise. Where a key leads to is one look into a table, which a restart
 * brings up to date; so it costs no message, any thread may look, and a partition that is down just
 * now is not found. A key is an integer, which leads to the partition of that number (its absolute
 * value modulo the number of partitions), or anything else, which leads to a partition by its
 * {@code hashCode}.
 *
 * <p>This is the handle of a supervisor that {@link #start} or another supervisor ({@link
 * #childSpec}) starts, under its name. {@link #partitions(int)} and {@link #intensity} come before
 * that: each gives another handle, of another supervisor. Before the start and after the end,
 * requests fail with {@code noproc}, and no key leads anywhere.
 */
public final class PartitionSupervisor {
  private final String name;
  private final IntFunction<ChildSpec> child;
  private final int count;
  private final int restartsMax;
  private final Duration within;
  private volatile @Nullable PartitionTable table; // of the last start

  private PartitionSupervisor(
      String name, IntFunction<ChildSpec> child, int count, int restartsMax, Duration within) {
    this.name = name;
    this.child = child;
    this.count = count;
    this.restartsMax = restartsMax;
    this.within = within;
  }

  // ---- making

  /**
   * Copies of one child, as many as there are processors.
   *
   * @param name the name of the supervisor, not blank (PS3)
   * @param child the child; it must have no registered name, since there are several of it: {@code
   *     ChildSpec.of(id, SpawnOptions.DEFAULT, code)}. Its id is replaced by the partition's
   *     number.
   * @return a handle
   * @throws IllegalArgumentException if the name is blank or the child is significant
   */
  public static PartitionSupervisor of(String name, ChildSpec child) {
    Objects.requireNonNull(child, "a partition supervisor needs the specification of its child");
    if (child.significant()) {
      throw new IllegalArgumentException(
          "bad_combination: a partition supervisor has no automatic shutdown, but the child "
              + child.id()
              + " is significant");
    }
    return of(name, _ -> child);
  }

  /**
   * Copies of one child that differ in their argument (PS1).
   *
   * @param name the name of the supervisor, not blank
   * @param child the child, as for {@link #of(String, ChildSpec)}, made by {@link
   *     ChildSpec#taking(String, Class, ArgumentStart)}
   * @param arguments gives the argument of each partition from its number; called at each start of
   *     the supervisor, in its process
   * @return a handle
   * @throws IllegalArgumentException as {@link #of(String, ChildSpec)}
   */
  public static PartitionSupervisor of(
      String name, ChildSpec child, IntFunction<? extends Object> arguments) {
    Objects.requireNonNull(arguments, "arguments");
    PartitionSupervisor plain = of(name, child);
    return new PartitionSupervisor(
        name,
        partition -> child.withStart(child.start().with(arguments.apply(partition))),
        plain.count,
        plain.restartsMax,
        plain.within);
  }

  /**
   * One child for each partition.
   *
   * @param name the name of the supervisor, not blank
   * @param child gives the child of each partition from its number; called at each start of the
   *     supervisor, in its process
   * @return a handle
   * @throws IllegalArgumentException if the name is blank
   */
  public static PartitionSupervisor of(String name, IntFunction<ChildSpec> child) {
    Objects.requireNonNull(name, "a partition supervisor needs a name");
    Objects.requireNonNull(child, "a partition supervisor needs the specification of its child");
    if (name.isBlank()) {
      throw new IllegalArgumentException("The name of a partition supervisor cannot be blank.");
    }
    int processors = Runtime.getRuntime().availableProcessors();
    return new PartitionSupervisor(name, child, processors, 3, Duration.ofSeconds(5));
  }

  /**
   * How many partitions.
   *
   * @param value 1 or more
   * @return the handle of another supervisor
   * @throws IllegalArgumentException if the value is out of range (PS3)
   */
  public PartitionSupervisor partitions(int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "The partition supervisor "
              + name
              + " was told to have "
              + value
              + " partitions, but it needs one at least.");
    }
    return new PartitionSupervisor(name, child, value, restartsMax, within);
  }

  /**
   * How many restarts are too many, over all partitions (SU30–SU33).
   *
   * @param max restarts allowed within the period, 0 or more; default 3
   * @param period longer than zero; default 5 seconds
   * @return the handle of another supervisor
   * @throws IllegalArgumentException if one of them is out of range
   */
  public PartitionSupervisor intensity(int max, Duration period) {
    Supervisor _ = Supervisor.oneForOne().intensity(max, period); // checks them
    return new PartitionSupervisor(name, child, count, max, period);
  }

  // ---- starting

  /**
   * Starts the supervisor and all partitions. Given the {@code Context} of a process it is linked
   * with that process, its parent; given a node, with nobody.
   *
   * @param processes a node, or the context of the process that calls
   * @return this
   * @throws StartFailed if a partition could not be started, or the name is taken; nothing is left
   *     running
   * @throws IllegalStateException if this handle's supervisor runs on another node
   */
  public PartitionSupervisor start(Processes processes) {
    if (launch(processes) instanceof StartResult.Failed(ExitReason reason)) {
      throw new StartFailed("The partition supervisor " + name, reason);
    }
    return this;
  }

  /**
   * This supervisor as a child of another: permanent, of type supervisor, with unlimited time to
   * stop. Its id is its name. Each start begins with the number of partitions it was made with.
   *
   * @return the specification
   */
  public ChildSpec childSpec() {
    return ChildSpec.starting(name, this::launch).type(ChildType.SUPERVISOR);
  }

  private StartResult launch(Processes parent) {
    Processes node = parent instanceof Context self ? self.node() : parent;
    PartitionTable last = table;
    if (last != null && !last.isOver() && !last.isOn(node)) {
      throw new IllegalStateException(
          "The partition supervisor "
              + name
              + " runs on another node; make another one for this node.");
    }
    SupervisorCode code = this::init;
    return code.start(parent, SpawnOptions.DEFAULT.name(name).initialCall("partition supervisor"));
  }

  private SupervisorInit init(Context self) {
    PartitionTable next = new PartitionTable(self.node(), self.pid(), count);
    Supervisor description = Supervisor.oneForOne().intensity(restartsMax, within);
    for (int i = 0; i < count; i++) {
      description = description.child(next.entering(i, child.apply(i)));
    }
    SupervisorInit init = SupervisorInit.of(description);
    table = next;
    return init;
  }

  // ---- finding

  /**
   * The number of partitions now (PS3).
   *
   * @return as many as it was made with, unless it was resized
   * @throws CallFailed with {@code noproc} if it does not run
   */
  public int size() {
    return running("size").size();
  }

  /**
   * The number of the partition that is in charge of a key (PS2).
   *
   * @param key an integer, or any value with a meaningful {@code hashCode}
   * @return from 0
   * @throws CallFailed with {@code noproc} if the supervisor does not run
   * @throws IllegalArgumentException if it has been resized to zero
   */
  public int partitionOf(Object key) {
    return running("partitionOf(" + key + ")").partitionOf(key, name);
  }

  /**
   * The process of the partition that is in charge of a key (PS2).
   *
   * @param key an integer, or any value with a meaningful {@code hashCode}
   * @return its pid; empty if it is down just now, or the supervisor does not run
   * @throws IllegalArgumentException if the supervisor has been resized to zero
   */
  public Optional<Pid> whereis(Object key) {
    Objects.requireNonNull(key, "key");
    PartitionTable now = table;
    return now == null || now.isOver() ? Optional.empty() : now.whereis(key, name);
  }

  /**
   * The partition that is in charge of a key, as a name: for the handles of behaviours, and for
   * {@link DynamicSupervisorRef#via}.
   *
   * @param key an integer, or any value with a meaningful {@code hashCode}
   * @return a name that is looked up for each use anew, and that cannot be registered
   */
  public ViaName via(Object key) {
    return new ViaName(new PartitionNames(this), key);
  }

  /**
   * Sends a message to the partition that is in charge of a key.
   *
   * @param key an integer, or any value with a meaningful {@code hashCode}
   * @param message an immutable object
   * @throws IllegalArgumentException if the partition is down just now, or the supervisor does not
   *     run (P13)
   */
  public void send(Object key, Object message) {
    PartitionTable now = table;
    Pid to =
        whereis(key)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "No partition of "
                            + name
                            + " is up for the key "
                            + key
                            + ", so the message cannot be sent; it is being restarted, or "
                            + name
                            + " does not run."));
    Objects.requireNonNull(now).send(to, message);
  }

  // ---- requests

  /**
   * All partitions, those with the highest numbers first (PS3). The id of each is its number.
   *
   * @return a snapshot
   * @throws CallFailed with {@code noproc} if it does not run
   */
  public List<ChildInfo> whichChildren() {
    return running("whichChildren").supervisor().whichChildren();
  }

  /**
   * How many partitions there are, running or not (PS3).
   *
   * @return the counts now
   * @throws CallFailed with {@code noproc} if it does not run
   */
  public ChildCounts countChildren() {
    return running("countChildren").supervisor().countChildren();
  }

  /**
   * Has fewer partitions in use, or more again (PS3). Those with the highest numbers are stopped,
   * after keys lead to the others only; or started again, before keys lead to them. A key may lead
   * to another partition afterwards. A temporary partition that has ended is started anew if its
   * number was out of use.
   *
   * @param value from zero, which stops all, to the number that it was made with
   * @return the number before
   * @throws IllegalArgumentException if the value is out of range; nothing has changed
   * @throws IllegalStateException if a partition could not be started again; or somebody else
   *     resizes it at this moment
   * @throws CallFailed with {@code noproc} if it does not run
   */
  public int resize(int value) {
    return running("resize(" + value + ")").resize(value, name);
  }

  /**
   * The supervisor of the partitions.
   *
   * @return a handle on the process that runs now
   * @throws CallFailed with {@code noproc} if it does not run
   */
  public SupervisorRef supervisor() {
    return running("supervisor").supervisor();
  }

  /**
   * Stops the partitions in reverse order, then the supervisor, and waits until it has ended.
   *
   * @throws CallFailed with {@code noproc} if it does not run
   */
  public void stop() {
    supervisor().stop();
  }

  private PartitionTable running(String request) {
    PartitionTable now = table;
    if (now == null || now.isOver()) {
      throw new CallFailed(ExitReason.NO_PROCESS, name + "." + request);
    }
    return now;
  }

  /** The name. */
  @Override
  public String toString() {
    return name;
  }
}
