package io.coppice.supervisor;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.SpawnOptions;

/**
 * A supervisor that is described by a function, anew for each start and in its own process
 * (semantics SU2, OTP's {@code init/1}): for children that depend on what is found out then, such
 * as a configuration, or for a part of the tree that may be absent.
 *
 * {@snippet class="io.coppice.supervisor.SupervisorSnippets" region="code"}
 *
 * <p>Where the children are always the same, a {@link Supervisor} is all that is needed.
 */
public interface SupervisorCode extends Startable {
  /**
   * Describes the supervisor. Runs in its process, which traps exits already (SU10), before any
   * child is started.
   *
   * @param self the operations of the supervisor's process
   * @return {@link SupervisorInit#of}, or {@link SupervisorInit#ignored}; null ends the supervisor
   *     with {@link BadReturn}
   * @throws Exception to fail the start with that error
   */
  SupervisorInit init(Context self) throws Exception;

  /**
   * Starts the supervisor and its children, and waits until all run.
   *
   * <p>Given the {@link Context} of a process it is linked with that process, its parent; given a
   * node, with nobody.
   *
   * @param processes a node, or the context of the process that calls
   * @param options how to spawn it; its name, if it is to have one, is among them
   * @return {@link StartResult.Ok}; {@link StartResult.Ignored}; or {@link StartResult.Failed} with
   *     what {@code init} threw, {@link BadReturn}, {@link FailedToStartChild}, or {@link
   *     AlreadyStarted} if the name is taken
   */
  default StartResult start(Processes processes, SpawnOptions options) {
    return CodeStart.start(
        this, processes, processes instanceof Context ? options.link() : options);
  }

  /**
   * Starts the supervisor as a child: what {@link ChildSpec#of} calls.
   *
   * @param parent the operations of the process that becomes its parent
   * @param options how to spawn it
   * @return as {@link #start}
   */
  @Override
  default StartResult startLink(Context parent, SpawnOptions options) {
    return start(parent, options);
  }

  /**
   * This supervisor as a child of another: permanent, of type supervisor, with unlimited time to
   * stop, and without a name.
   *
   * @param id its id there
   * @return the specification
   */
  default ChildSpec childSpec(String id) {
    return ChildSpec.of(id, SpawnOptions.DEFAULT, () -> this).type(ChildType.SUPERVISOR);
  }
}
