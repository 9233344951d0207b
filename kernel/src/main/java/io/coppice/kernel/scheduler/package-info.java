/**
 * Who runs the processes: runners (virtual threads) on carriers (platform threads), the scheduler
 * pool of a node with stealing, sleeping and compensation, dedicated threads, blocking sections,
 * and the simulated scheduler of the test kit. Implements {@link
 * io.coppice.kernel.cell.Dispatcher}.
 *
 * <p>Read {@code Runner} first (the capture handshake), then {@code Scheduler} (what comes next,
 * how a thread goes to sleep), then {@code Monitor}.
 */
package io.coppice.kernel.scheduler;
