/** Micro-benchmarks, the peer workloads and the tool that runs them. */
@NullMarked
package io.coppice.bench;

import org.jspecify.annotations.NullMarked;
