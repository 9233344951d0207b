/** JMH benchmarks of the parts, which {@code bench micro} runs with {@code -prof gc}. */
@NullMarked
package io.coppice.bench.micro;

import org.jspecify.annotations.NullMarked;
