/**
 * How long calls take while endless loops run beside them, on Coppice and elsewhere: {@code bench
 * latency}.
 */
@NullMarked
package io.coppice.bench.latency;

import org.jspecify.annotations.NullMarked;
