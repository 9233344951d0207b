/**
 * Tests of processes that give the same result each time: one thread, an order of events drawn from
 * a seed, virtual time. Start with {@link io.coppice.kernel.testkit.TestNode}.
 */
package io.coppice.kernel.testkit;
