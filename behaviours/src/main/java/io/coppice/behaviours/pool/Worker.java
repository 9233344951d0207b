package io.coppice.behaviours.pool;

import io.coppice.kernel.process.Context;

/**
 * What a worker of a {@link WorkerPool} does: each has one of its own, made when its process
 * starts, and it is called by that process only, one job after another. It may keep what it needs
 * between jobs (a connection, a buffer) in its fields.
 *
 * @param <J> the jobs, immutable objects
 * @param <R> their results
 */
@FunctionalInterface
public interface Worker<J, R> {
  /**
   * Called once, before the first job.
   *
   * @param self the operations of the worker's process
   * @throws Exception if it cannot work: the process crashes, and is restarted
   */
  default void onStart(Context self) throws Exception {}

  /**
   * Does one job. It may block: the process has the time.
   *
   * @param self the operations of the worker's process
   * @param job the job
   * @return its result, not null
   * @throws Exception if it fails: then the job has failed, and the process crashes and is
   *     restarted with a fresh worker. A failure that is an ordinary outcome is better returned as
   *     a result.
   */
  R work(Context self, J job) throws Exception;
}
