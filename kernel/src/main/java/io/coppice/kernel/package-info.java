/**
 * The front door: {@link io.coppice.kernel.Node} starts, runs and closes a system of processes,
 * {@link io.coppice.kernel.NodeOptions} configures it. What processes can do stands in {@link
 * io.coppice.kernel.process}.
 */
package io.coppice.kernel;
