package io.coppice.kernel.process;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

// Longer than 400 lines: one interface, most of it documentation.
/**
 * What can be done with the processes of a node, from inside and from outside of them.
 *
 * <p>Any thread may call any of these methods. When the calling thread is running a process of this
 * node, that process is the one who spawns, sends and waits; a wait blocks the process and never a
 * scheduler. From any other thread a wait blocks that thread. A process that has been told to die
 * gets {@link ProcessExit} from each of them. Null arguments are refused with {@link
 * NullPointerException}, pids of other nodes with {@link IllegalArgumentException}.
 */
public interface Processes {
  /**
   * Spawns a blocking process (P1).
   *
   * @param body its code
   * @return its pid, at once
   */
  default Pid spawn(ProcessBody body) {
    return spawn(body, SpawnOptions.DEFAULT);
  }

  /**
   * Spawns a blocking process.
   *
   * @param body its code
   * @param options how; {@code linked} and {@code monitored} need a calling process
   * @return its pid, at once
   * @throws NameTaken if the name in the options is registered already; nothing is spawned
   * @throws IllegalStateException if the node is closed, or if a link or monitor is asked for from
   *     outside of any process
   */
  Pid spawn(ProcessBody body, SpawnOptions options);

  /**
   * Spawns a reactive process (P1).
   *
   * @param body its code
   * @return its pid, at once
   */
  default Pid spawn(Reactive body) {
    return spawn(body, SpawnOptions.DEFAULT);
  }

  /**
   * Spawns a reactive process.
   *
   * @param body its code
   * @param options how, as for {@link #spawn(ProcessBody, SpawnOptions)}
   * @return its pid, at once
   */
  Pid spawn(Reactive body, SpawnOptions options);

  /**
   * Spawns a process and waits until it has acknowledged its start (G1–G9, PL2): a {@link Request}
   * with the payload is its first message, and its reply ends the wait. A process that cannot start
   * says so by {@link Request#fail} and ends, or just ends.
   *
   * @param body its code
   * @param options how
   * @param payload what its first message asks
   * @param timeout how long to wait, or null for ever. After that the process is killed (G8), and
   *     waited for, which takes the node's grace time at most, but for {@link
   *     KillPolicy#AWAIT_TERMINATION}.
   * @return the process and its answer
   * @throws CallFailed if it failed the request, or ended before it answered, with its exit reason,
   *     or {@code timeout}. It is then dead, its name free, and neither {@link Exit} nor {@link
   *     Down} is left behind, unless the caller is linked and does not trap exits: then the exit
   *     signal acts on it (G7).
   * @throws NameTaken if the name in the options is registered already; nothing is spawned (G4)
   */
  Started start(Reactive body, SpawnOptions options, Object payload, @Nullable Duration timeout);

  /**
   * Spawns a blocking process and waits until it has acknowledged its start, as {@link
   * #start(Reactive, SpawnOptions, Object, Duration)} does (PL2): its first {@code receive} gives
   * the {@link Request}.
   *
   * @param body its code
   * @param options how
   * @param payload what its first message asks
   * @param timeout how long to wait, or null for ever
   * @return the process and its answer
   */
  Started start(ProcessBody body, SpawnOptions options, Object payload, @Nullable Duration timeout);

  /**
   * Sends a message. Does not wait, unless a process sends and the {@linkplain MailboxLimit limit}
   * of a full mailbox says so. A message to a process that has ended is dropped and counted (P13).
   *
   * <p>A process that sends to one with hundreds of messages waiting, or spawns more than a hundred
   * in a row, lets those that are ready run before it goes on; it stays ready meanwhile.
   *
   * @param to the receiver
   * @param message an immutable object
   * @throws MailboxFull if the mailbox of the receiver is full and its limit says that sends fail
   */
  void send(Pid to, Object message);

  /**
   * Sends a message to the process registered under a name.
   *
   * @param name a registered name
   * @param message an immutable object
   * @throws IllegalArgumentException if no process has that name (P13)
   * @throws MailboxFull as for a send to the process
   */
  void send(String name, Object message);

  /**
   * Sends a message to a process or through an alias. Never blocks and never fails; what comes
   * through an alias that is inactive when it is received is dropped and counted (P51, P56).
   *
   * @param to the receiver
   * @param message an immutable object
   */
  default void send(Destination to, Object message) {
    send(to, message, Priority.NORMAL);
  }

  /**
   * Sends a message with a priority. {@link Priority#HIGH} counts only if the message comes through
   * an active alias that was made with it; else it is an ordinary message (P71).
   *
   * @param to the receiver
   * @param message an immutable object
   * @param priority where it goes in the mailbox of the receiver
   */
  void send(Destination to, Object message, Priority priority);

  /**
   * Asks a process to answer and waits for it (G20–G26).
   *
   * @param to who is asked; it gets a {@link Request}
   * @param payload what is asked, an immutable object
   * @param timeout how long to wait, zero or more, or null for ever. It travels with the request
   *     ({@link Request#timeLeft}): a receiver may drop a request whose time is over, and give the
   *     calls that it makes for it what is left ({@link Deadlines}).
   * @return the answer
   * @throws CallFailed with {@code noproc}, {@code timeout}, {@code calling_self}, {@link
   *     ExitReason.CallCycle} at once if the processes would wait for each other in a ring, or the
   *     reason with which the process ended before it answered; {@link ExitReason.MailboxOverflow}
   *     if its mailbox was full
   */
  @Nullable Object call(Pid to, Object payload, @Nullable Duration timeout);

  /**
   * Asks a process to answer without waiting.
   *
   * @param to who is asked; it gets a {@link Request}
   * @param payload what is asked
   * @return completed with the answer or, exceptionally, with {@link CallFailed}, by the thread
   *     that answers: dependents must be short, or use an executor. Cancelling it gives up the
   *     request.
   */
  CompletableFuture<@Nullable Object> request(Pid to, Object payload);

  /**
   * A place where the calling process or thread can wait for one value, past its mailbox. Costs
   * nothing that has to be given back.
   *
   * @param <T> the value
   * @param what the thing that is waited at, whose type those see who look at a process that waits
   * @return a new one, for the caller to wait and for anybody to hand over
   * @throws IllegalStateException if the calling process is one that never waits
   */
  <T> Handoff<T> handoff(Object what);

  /**
   * Sends an exit signal (semantics 1.3, P24). Does nothing if the process has ended.
   *
   * @param to who is to end
   * @param reason why; {@link ExitReason#KILL} cannot be trapped
   */
  void exit(Pid to, ExitReason reason);

  /**
   * Sends an exit signal to a process or through an alias. Through an alias that is inactive when
   * it is received it is dropped; the {@link Exit} it becomes has the priority only if the alias
   * was made with it (P71).
   *
   * @param to who is to end
   * @param reason why
   * @param priority where the {@link Exit} goes in the mailbox of a process that traps exits
   */
  void exit(Destination to, ExitReason reason, Priority priority);

  /**
   * Whether a process has not ended, seen after all signals the caller sent to it before (P6). May
   * wait up to the node's grace time for a process that is dying, and longer for one that is waited
   * for itself ({@link KillPolicy#AWAIT_TERMINATION}, {@link Context#blocking}).
   *
   * @param pid the process
   * @return false only when its name, links and monitors have been released
   */
  boolean isAlive(Pid pid);

  /**
   * Whether a process has ended, as far as a look shows it: never waits, and works on a process
   * that never blocks, too. Who has got its {@link Down} or {@link Exit} sees true; so does whoever
   * finds its name free. Unlike {@link #isAlive} it is not ordered after the signals that the
   * caller sent before, and the process may still be about to release what it has.
   *
   * @param pid the process
   * @return true once it runs no more of its code, and for ever after
   */
  boolean hasEnded(Pid pid);

  /**
   * What a process was at when it ended for a reason that is not {@linkplain ExitReason#isClean()
   * clean}. Who has got its {@link Down} or {@link Exit} sees it; never waits.
   *
   * @param ended the process
   * @return the class of the message that its code was handling or had received last (for a
   *     request, of what it carries); empty if there was none, or the process has not ended that
   *     way
   */
  Optional<String> lastHandled(Pid ended);

  /**
   * Watches that the code of a process is not at one message for too long: computing, blocked in
   * code outside of the kernel, or waiting for another process. It is reported ({@link
   * LongHandlerReport}) and, if the limit says so, made to fail, whether it traps exits or not,
   * with the reason {@link ExitReason.Custom} of a {@link HungHandler}. What a process does that is
   * told to die while its code runs, {@link KillPolicy} says.
   *
   * <p>A message of a blocking process is over when it waits for the next one; the start of a
   * process counts like a message. A process that is ready and only waits for its turn is at none.
   * The time is the node's, and a handler is found out between one and one and a quarter times the
   * limit.
   *
   * @param pid the process; nothing happens if it has ended
   * @param limit in place of one that was set before
   */
  void watchHandlers(Pid pid, HandlerLimit limit);

  /**
   * Registers a name (P60).
   *
   * @param name a name that is not taken, not empty
   * @param pid a living process that has no name yet
   * @throws NameTaken if the name is taken or the process has a name
   * @throws IllegalArgumentException if the process has ended
   */
  void register(String name, Pid pid);

  /**
   * Frees a name.
   *
   * @param name a registered name
   * @throws IllegalArgumentException if no process has that name
   */
  void unregister(String name);

  /**
   * The process with a name.
   *
   * @param name any name
   * @return its pid, or empty
   */
  Optional<Pid> whereis(String name);

  /**
   * All names registered now (P61).
   *
   * @return a snapshot
   */
  Set<String> registered();

  /**
   * Delivers a message later, as it is (T1). Never earlier than asked; zero is allowed and delivers
   * at once, but never inside this call (T2). When the receiver, or the owner of the alias, ends,
   * the timer is gone; the end of whoever started it changes nothing (T6).
   *
   * <p>The delay of a timer started by a process counts from the next look at the clock on its
   * scheduler: the process's own ({@link #monotonicNanos}, {@link #readTimer}), that after some
   * turns, or that of the monitor, once per time slice. Timers started between two such looks start
   * at the same time.
   *
   * @param delay zero or more; more than 146 years count as that
   * @param to the receiver
   * @param message an immutable object
   * @return the timer
   * @throws IllegalArgumentException if the delay is negative (T4)
   */
  Ref sendAfter(Duration delay, Destination to, Object message);

  /**
   * Delivers a message later to whoever has the name then, if anybody (T5).
   *
   * @param delay zero or more
   * @param name the receiver's name, looked up when the time has come
   * @param message an immutable object
   * @return the timer
   * @throws IllegalArgumentException if the delay is negative (T4)
   */
  Ref sendAfter(Duration delay, String name, Object message);

  /**
   * Delivers {@link Timeout} later (T1).
   *
   * @param delay zero or more
   * @param to the receiver
   * @param message what the {@link Timeout} carries
   * @return the timer
   * @throws IllegalArgumentException if the delay is negative (T4)
   */
  Ref startTimer(Duration delay, Destination to, Object message);

  /**
   * Delivers {@link Timeout} later to whoever has the name then, if anybody (T5).
   *
   * @param delay zero or more
   * @param name the receiver's name, looked up when the time has come
   * @param message what the {@link Timeout} carries
   * @return the timer
   * @throws IllegalArgumentException if the delay is negative (T4)
   */
  Ref startTimer(Duration delay, String name, Object message);

  /**
   * Delivers a message at a point in time, as it is (T1, T4).
   *
   * @param monotonicNanos when, on the clock of {@link #monotonicNanos()}; any number: what is past
   *     fires at once, though never inside this call
   * @param to the receiver
   * @param message an immutable object
   * @return the timer
   */
  Ref sendAt(long monotonicNanos, Destination to, Object message);

  /**
   * Delivers a message at a point in time to whoever has the name then, if anybody (T4, T5).
   *
   * @param monotonicNanos when, as for {@link #sendAt(long, Destination, Object)}
   * @param name the receiver's name, looked up when the time has come
   * @param message an immutable object
   * @return the timer
   */
  Ref sendAt(long monotonicNanos, String name, Object message);

  /**
   * Delivers {@link Timeout} at a point in time (T1, T4).
   *
   * @param monotonicNanos when, as for {@link #sendAt(long, Destination, Object)}
   * @param to the receiver
   * @param message what the {@link Timeout} carries
   * @return the timer
   */
  Ref startTimerAt(long monotonicNanos, Destination to, Object message);

  /**
   * Delivers {@link Timeout} at a point in time to whoever has the name then, if anybody (T4, T5).
   *
   * @param monotonicNanos when, as for {@link #sendAt(long, Destination, Object)}
   * @param name the receiver's name, looked up when the time has come
   * @param message what the {@link Timeout} carries
   * @return the timer
   */
  Ref startTimerAt(long monotonicNanos, String name, Object message);

  /**
   * Cancels a timer; anybody may (T7, T8).
   *
   * @param timer any reference
   * @return the time that was left, and the message will never arrive; or empty: it has fired (then
   *     the message is in the mailbox or on its way), was cancelled, or is no timer
   */
  Optional<Duration> cancelTimer(Ref timer);

  /**
   * The time a timer has left (T9).
   *
   * @param timer any reference
   * @return the time left, or empty if it is not running
   */
  Optional<Duration> readTimer(Ref timer);

  /**
   * Cancels a timer and does not ask how much time was left (T8, {@code info} false), which spares
   * a reading of the clock.
   *
   * @param timer any reference
   * @return true if the message will never arrive, as {@link #cancelTimer} says it
   */
  boolean dropTimer(Ref timer);

  /**
   * The node's clock: nanoseconds since an arbitrary origin, never going back. All timers use it;
   * in a test node it is virtual.
   *
   * @return nanoseconds
   */
  long monotonicNanos();

  /**
   * A random number, for whatever is to differ from one process to the next, such as the jitter of
   * a delay; in a test node it is drawn from the seed. Not for secrets.
   *
   * @return any number, each with the same chance
   */
  long randomLong();

  /**
   * Hands a report to the node's {@link Reporter}. Never throws.
   *
   * @param report what happened
   */
  void report(Report report);

  /**
   * What the node has counted since it was started: processes, and messages that reached nobody.
   *
   * @return a snapshot
   */
  NodeCounters counters();

  /**
   * What a process is doing.
   *
   * @param pid the process
   * @return a snapshot, or empty if it has ended
   */
  Optional<ProcessInfo> info(Pid pid);

  /**
   * The messages that wait in the mailbox of a process, in the order it would receive them (P14).
   * The process answers in the order of its signals: what the caller sent before is in the list.
   * For a process that computes, or blocks outside of the kernel, others answer in its place; the
   * few messages it has taken out of the queue are then listed as they were a moment ago.
   *
   * @param pid the process
   * @param limit how many messages at most, zero or more
   * @return the messages themselves, not copies; or empty if the process has ended
   */
  Optional<List<Object>> messages(Pid pid, int limit);

  /**
   * Whether a process is below another: that one spawned it, or one below that one did (PL1). So a
   * process that owns a part of the node finds what belongs to it, also what is linked with nobody.
   *
   * @param pid any process; of one that has ended, the answer is that of its last moment, or false
   * @param ancestor who may be above it
   * @return false if they are the same
   */
  boolean isBelow(Pid pid, Pid ancestor);

  /**
   * The processes that exist now.
   *
   * @return a snapshot in no particular order
   */
  Collection<Pid> processes();
}
