package io.coppice.supervisor;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link SupervisorRequest} can see of a supervisor and do with it. To be used in the
 * supervisor's process, while the request is being answered.
 */
public interface SupervisorAccess {
  /**
   * The supervisor's process.
   *
   * @return its operations
   */
  Context self();

  /**
   * What the supervisor is doing.
   *
   * @return a snapshot
   */
  SupervisorStatus status();

  /**
   * Has the supervisor keep everything for later, in order, but requests like this one, the order
   * to stop, and the exit of its parent (SY2, SY3). Children that end meanwhile are not restarted
   * before {@link #resume}. Again does nothing more.
   */
  void suspend();

  /**
   * Ends a {@link #suspend}: what has been kept is handled now, before this returns (SY2).
   *
   * @throws Exception what a request that was kept has thrown; it is to go on
   */
  void resume() throws Exception;

  /**
   * Gives the supervisor another description (SU90, OTP's {@code code_change}), and answers the
   * request.
   *
   * @param code a {@link Supervisor}, a {@link DynamicSupervisor} or a {@link SupervisorCode}, or
   *     null to ask the code that it has once more; the answer {@link SupervisorInit#ignored}
   *     changes nothing
   * @throws Exception if it is refused, or what {@code init} threw; nothing has changed then, and
   *     the request is not answered
   */
  void changeCode(@Nullable Object code) throws Exception;

  /**
   * Ends the supervisor after its children, in reverse order (SU64). It has not ended yet when this
   * returns.
   *
   * @param reason what it ends with
   */
  void stop(ExitReason reason);
}
