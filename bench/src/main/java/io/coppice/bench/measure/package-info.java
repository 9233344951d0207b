/** Runs workloads, again and again and in JVMs of their own, and keeps what came of it. */
@NullMarked
package io.coppice.bench.measure;

import org.jspecify.annotations.NullMarked;
