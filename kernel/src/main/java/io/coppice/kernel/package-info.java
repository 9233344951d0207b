/**
 * The front door: {@link io.coppice.kernel.Node} starts, runs and closes a system of processes,
 * {@link io.coppice.kernel.NodeOptions} configures it. What processes can do stands in {@link
 * io.coppice.kernel.process}.
 *
 * <h2>What differs from the BEAM</h2>
 *
 * Processes, signals, links, monitors, aliases, priority messages, names and timers behave as in
 * Erlang/OTP 28. What a JVM cannot do, and what is there in its place:
 *
 * <dl>
 *   <dt>Killing a process while its code runs
 *   <dd>No JVM can stop a thread. The code is interrupted, and each kernel operation it begins
 *       throws. If it has not ended within the {@linkplain
 *       io.coppice.kernel.NodeOptions#killGrace() grace time}, the process is declared dead all the
 *       same: its name is free, links and monitors fire, and whatever the code still does through
 *       the kernel is refused. It is counted and reported as a zombie until it returns. {@link
 *       io.coppice.kernel.process.KillPolicy#AWAIT_TERMINATION} waits for it instead. On the BEAM
 *       native code is treated like this. What is lost: {@code finally} blocks of the dead may run
 *       after the {@code Down}, and a lock they hold stays held.
 *   <dt>Preemption
 *   <dd>A turn ends after a number of messages or a slice of time, but only between messages and in
 *       kernel operations ({@link io.coppice.kernel.process.Context#checkpoint} in loops). A
 *       process that keeps a scheduler for longer is reported, and another scheduler runs beside
 *       the stuck one: the others become slower, they do not stop.
 *   <dt>Calls to processes that never block
 *   <dd>A process may be spawned with the promise that its handlers never wait ({@link
 *       io.coppice.kernel.process.SpawnOptions#neverBlocks}). A caller may then run its handler
 *       itself, and looks at the time-out of its call only afterwards. The handler shares the
 *       caller's stack and the locks the caller holds; one that hangs keeps its caller.
 *   <dt>Calls in a ring
 *   <dd>Processes that wait for each other's answers would wait until a time-out, or for ever. The
 *       call that closes such a ring fails at once with {@link
 *       io.coppice.kernel.process.ExitReason.CallCycle}, which names all of them; it is counted and
 *       reported. A caller needs the process it has called as long as its request is queued there,
 *       or is what that process handles; a {@linkplain io.coppice.kernel.process.Processes#start
 *       starter} needs the new process; a {@linkplain
 *       io.coppice.kernel.process.Context#receive(io.coppice.kernel.process.Ref,
 *       java.util.function.Predicate, java.time.Duration) receive} may name whom it needs. A
 *       request that is sent on, left for later, or {@linkplain
 *       io.coppice.kernel.process.Request#defer deferred} may be answered by somebody else, so it
 *       counts no more. The kernel does not see rings through futures that are joined, handoffs,
 *       locks, a receive of anything, blocking sections, threads and other nodes: there, time-outs
 *       tell what they can.
 *   <dt>Priorities of processes ({@code process_flag(priority, _)})
 *   <dd>There are none; all processes are equal. Priority messages exist.
 *   <dt>A heap of its own for each process, {@code max_heap_size} (P85), garbage collection of one
 *       process
 *   <dd>All share one heap, so messages are references and should be immutable, and a restart does
 *       not clean what is shared. Nothing limits the memory of one process; what grows is nearly
 *       always its mailbox, and that is what can be bounded and watched. A process that is refused
 *       memory crashes with the {@link java.lang.OutOfMemoryError}.
 *   <dt>Hibernation (P83)
 *   <dd>A reactive process has no stack between two messages anyway. {@link
 *       io.coppice.kernel.process.Context#hibernate} gives back the queues of the mailbox and shows
 *       in the status; a blocking process keeps its stack (as with {@code hibernate/0}). There is
 *       no heap to be collected.
 *   <dt>{@code process_info} of a process that runs
 *   <dd>What only its own thread knows is a moment old: the length of its queue, the few messages
 *       it has taken out of it. For a process that waits it is exact ({@link
 *       io.coppice.kernel.process.Processes#messages}). Messages shown are the messages themselves,
 *       not copies.
 *   <dt>Group leaders (P84)
 *   <dd>There are none: output goes where Java's output goes. Who started whom is known ({@link
 *       io.coppice.kernel.process.Context#ancestors}).
 *   <dt>{@code $ancestors} and {@code $initial_call} in the dictionary (P82)
 *   <dd>The kernel keeps them; no code can remove or change them.
 *   <dt>Bad arguments
 *   <dd>Most are compile-time errors. The others throw {@link java.lang.IllegalArgumentException}
 *       or {@link java.lang.NullPointerException} with a sentence that says what was wrong.
 *   <dt>Atoms as names
 *   <dd>Names are strings. {@link io.coppice.kernel.process.GlobalNames} and registries of one's
 *       own ({@link io.coppice.kernel.process.NameRegistry}) take values of any type.
 *   <dt>Milliseconds
 *   <dd>Times are {@link java.time.Duration}s and nanoseconds. More than 146 years count as that.
 *   <dt>Distribution, hot code loading, tables
 *   <dd>A node is alone; a behaviour can change its code and migrate its state, but no class is
 *       loaded anew; tables are Java's own collections, owned by a process.
 * </dl>
 */
package io.coppice.kernel;
