/** The workloads, a class per family, written as a user of Coppice would write them. */
@NullMarked
package io.coppice.bench.suite;

import org.jspecify.annotations.NullMarked;
