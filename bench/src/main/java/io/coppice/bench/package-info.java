/**
 * The benchmark tool: its command line.
 *
 * <p>{@link io.coppice.bench.suite} has the workloads, {@link io.coppice.bench.measure} runs them.
 */
@NullMarked
package io.coppice.bench;

import org.jspecify.annotations.NullMarked;
