package io.coppice.behaviours.pg;

import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import java.util.List;

/**
 * The message that tells who watches a group, or a scope, of a change (semantics PG5).
 *
 * @param <G> the type of the groups
 */
public sealed interface GroupEvent<G> {
  /**
   * Which watching it belongs to.
   *
   * @return the reference in the {@link ProcessGroups.Watch}
   */
  Ref ref();

  /**
   * What has changed.
   *
   * @return the group
   */
  G group();

  /**
   * Who has joined or left; a process as often as it has done so.
   *
   * @return the processes
   */
  List<Pid> pids();

  /**
   * Processes have joined.
   *
   * @param ref which watching it belongs to
   * @param group the group, which may be new
   * @param pids who, all those of one {@code join}
   * @param <G> the type of the groups
   */
  record Joined<G>(Ref ref, G group, List<Pid> pids) implements GroupEvent<G> {}

  /**
   * Processes have left, or ended. One that ends leaves as often as it had joined, each time in an
   * event of its own.
   *
   * @param ref which watching it belongs to
   * @param group the group, which may be no more
   * @param pids who, all those of one {@code leave} that were members
   * @param <G> the type of the groups
   */
  record Left<G>(Ref ref, G group, List<Pid> pids) implements GroupEvent<G> {}
}
