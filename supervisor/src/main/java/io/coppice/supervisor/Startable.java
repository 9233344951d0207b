package io.coppice.supervisor;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.SpawnOptions;

/**
 * Code that can start itself as a child: what a behaviour implements so that its callbacks can be
 * given to {@link ChildSpec#of} as they are.
 */
@FunctionalInterface
public interface Startable {
  /**
   * Starts a process that runs this code, linked with the caller, and waits until it is ready.
   *
   * @param parent the operations of the process that becomes its parent
   * @param options how to spawn it; {@code linked} is set
   * @return the process, or why there is none
   * @throws Exception as {@link ChildStart#start}
   */
  StartResult startLink(Context parent, SpawnOptions options) throws Exception;
}
