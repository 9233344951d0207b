package io.coppice.supervisor;

import io.coppice.kernel.process.Request;

/**
 * The payload of a request that a supervisor does not know, but that knows supervisors: how code
 * that stands above this module makes them take part in a protocol of its own. The system messages
 * of the behaviours come this way (semantics section 7).
 */
public interface SupervisorRequest {
  /**
   * Answers in the supervisor's place. Runs in its process, also while it is suspended; what it
   * throws ends the supervisor.
   *
   * @param request the request, to be answered here or later
   * @param supervisor what can be seen and done, during this call only
   * @throws Exception to end the supervisor with that error
   */
  void answer(Request request, SupervisorAccess supervisor) throws Exception;
}
