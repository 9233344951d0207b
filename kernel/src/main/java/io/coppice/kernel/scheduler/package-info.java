/**
 * Who runs the processes: runners (virtual threads) that schedulers lend their turns to, the pool
 * of a node with stealing, sleeping and compensation, dedicated threads, blocking sections, and the
 * simulated scheduler of the test kit. Implements {@link io.coppice.kernel.cell.Dispatcher}.
 *
 * <p>Read {@code Scheduler} first (what comes next, how it goes to sleep), then {@code Hosting},
 * where threads come from: with the JDK's internals {@code MountedRunner} (the capture handshake),
 * without {@code Seats}; then {@code Monitor}.
 */
package io.coppice.kernel.scheduler;
