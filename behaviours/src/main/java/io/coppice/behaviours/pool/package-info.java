/**
 * A fixed number of processes that share one bounded queue of jobs: {@link
 * io.coppice.behaviours.pool.WorkerPool}. For work that is too small for a process of its own, or
 * of which only so much may be under way at once.
 */
package io.coppice.behaviours.pool;
