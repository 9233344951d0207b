/**
 * The same work on other runtimes of the JVM: virtual threads with the queues of the JDK, Jox, and
 * Pekko. Each sample is taken in a JVM of its own, by {@link io.coppice.bench.peer.jvm.JvmPeers}.
 *
 * <p>Not null-marked: what is called here is not either.
 */
package io.coppice.bench.peer.jvm;
