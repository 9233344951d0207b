/** Other runtimes that do the same work, and the comparison with them. */
@NullMarked
package io.coppice.bench.peer;

import org.jspecify.annotations.NullMarked;
