/**
 * What a process author writes against: the operations ({@link io.coppice.kernel.process.Processes}
 * from anywhere, {@link io.coppice.kernel.process.Context} from inside), the two forms of code
 * ({@link io.coppice.kernel.process.ProcessBody} and {@link io.coppice.kernel.process.Reactive}),
 * and the values that travel between processes. Implementations are in packages that are not
 * exported.
 */
package io.coppice.kernel.process;
