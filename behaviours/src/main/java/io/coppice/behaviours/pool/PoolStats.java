package io.coppice.behaviours.pool;

/**
 * What a {@link WorkerPool} has done since it was made.
 *
 * @param queued jobs that wait now
 * @param running jobs that workers have begun with and not ended
 * @param done jobs with a result
 * @param failed jobs whose worker ended over them
 * @param dropped jobs that were never run: cancelled, their time over, or left when the pool ended
 */
public record PoolStats(int queued, int running, long done, long failed, long dropped) {}
