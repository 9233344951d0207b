/**
 * Clocks and the hierarchical timer wheel.
 *
 * <p>Internal: not exported. It knows nothing of processes; whoever needs a timer subclasses {@link
 * io.coppice.kernel.time.TimerNode}.
 */
package io.coppice.kernel.time;
