package io.coppice.kernel.process;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The operations of one process, given to its code. To be used by that code only, on the thread
 * that runs it: other threads get an {@link IllegalStateException} (the inherited {@link Processes}
 * methods work from anywhere). Every operation first handles the exit signals that have arrived: a
 * process that has been told to die gets {@link ProcessExit} from it.
 */
// Longer than 400 lines: one interface, most of it documentation.
public interface Context extends Processes {
  /**
   * This process.
   *
   * @return its pid
   */
  Pid pid();

  /**
   * Who spawned this process: a process, or the node's root pid. An {@link Exit} from it is the
   * order to stop (GS20, SU20).
   *
   * @return the parent's pid
   */
  Pid parent();

  /**
   * The parent, its parent and so on (PL1, P82). Of an ancestor that has ended the nearest ancestor
   * is shown that was alive then.
   *
   * @return nearest first; ends with the node's root pid
   */
  List<Pid> ancestors();

  /**
   * The node, for references that outlive this process.
   *
   * @return the node's operations
   */
  Processes node();

  /**
   * Waits for the next message.
   *
   * @return the first message of the mailbox
   */
  Object receive();

  /**
   * Waits for the next message for some time (P15).
   *
   * @param timeout zero or more; zero looks through what has arrived
   * @return the first message, or empty when the time is over
   */
  Optional<Object> receive(Duration timeout);

  /**
   * Waits for the first message that matches; the others keep their places (P14).
   *
   * @param matching asked for one message after another, from the head
   * @return the first that matches
   */
  Object receive(Predicate<Object> matching);

  /**
   * Waits for the first message that matches for some time (P14, P15). Messages that do not match
   * do not restart the time.
   *
   * @param matching asked for one message after another, from the head
   * @param timeout zero or more
   * @return the first that matches, or empty when the time is over
   */
  Optional<Object> receive(Predicate<Object> matching, Duration timeout);

  /**
   * Waits as {@link #receive(Predicate, Duration)} does, for what one other process alone can
   * bring: its answer, or its end. If that process waits for this one, or for others who do, the
   * ring is found at once, and a call in it fails (N5, {@link ExitReason.CallCycle}); if it is the
   * awaited request, its {@link Response} says so.
   *
   * @param awaited a request or a monitor of this process; anything else is as good as none
   * @param matching asked for one message after another, from the head. It should match nothing but
   *     what the reference brings: whoever is waited for may get an error else, though this process
   *     would have gone on.
   * @param timeout zero or more, or null for ever
   * @return the first that matches, or empty when the time is over
   */
  Optional<Object> receive(Ref awaited, Predicate<Object> matching, @Nullable Duration timeout);

  /**
   * Spawns a blocking process linked with this one, atomically (P2).
   *
   * @param body its code
   * @return its pid
   */
  default Pid spawnLink(ProcessBody body) {
    return spawn(body, SpawnOptions.DEFAULT.link());
  }

  /**
   * Spawns a reactive process linked with this one, atomically (P2).
   *
   * @param body its code
   * @return its pid
   */
  default Pid spawnLink(Reactive body) {
    return spawn(body, SpawnOptions.DEFAULT.link());
  }

  /**
   * Spawns a blocking process monitored by this one, atomically (P2).
   *
   * @param body its code
   * @return its pid and the monitor
   */
  default Spawned spawnMonitor(ProcessBody body) {
    return spawnMonitor(body, SpawnOptions.DEFAULT);
  }

  /**
   * Spawns a reactive process monitored by this one, atomically (P2).
   *
   * @param body its code
   * @return its pid and the monitor
   */
  default Spawned spawnMonitor(Reactive body) {
    return spawnMonitor(body, SpawnOptions.DEFAULT);
  }

  /**
   * Spawns a blocking process monitored by this one, atomically (P2).
   *
   * @param body its code
   * @param options how
   * @return its pid and the monitor
   */
  Spawned spawnMonitor(ProcessBody body, SpawnOptions options);

  /**
   * Spawns a reactive process monitored by this one, atomically (P2).
   *
   * @param body its code
   * @param options how
   * @return its pid and the monitor
   */
  Spawned spawnMonitor(Reactive body, SpawnOptions options);

  /**
   * Links this process with another (P30–P36). Linking twice, or with itself, does nothing more.
   *
   * @param other the other process. If it has ended, a process that traps exits gets {@link Exit}
   *     with {@code noproc} (P32).
   * @throws NoSuchProcess if the other has ended and this process does not trap exits
   */
  default void link(Pid other) {
    link(other, Priority.NORMAL);
  }

  /**
   * Links this process with another and says where the {@link Exit} of the other is to go. On a
   * link that exists it changes just that (P74); the other side is not concerned.
   *
   * @param other the other process, as for {@link #link(Pid)}
   * @param priority the place of the {@link Exit} in the mailbox of this process
   * @throws NoSuchProcess if the other has ended and this process does not trap exits
   */
  void link(Pid other, Priority priority);

  /**
   * Removes the link with another process, if there is one. After it returned no exit of that link
   * takes effect; an {@link Exit} that was in the mailbox before stays (P34).
   *
   * @param other the other process
   */
  void unlink(Pid other);

  /**
   * The processes this one is linked with.
   *
   * @return a snapshot in no particular order
   */
  List<Pid> links();

  /**
   * Watches a process: one {@link Down} when it ends (P40). Each call makes a monitor of its own.
   *
   * @param target any process; if it has ended, {@link Down} with {@code noproc} comes at once
   *     (P42)
   * @return the monitor
   */
  Ref monitor(Pid target);

  /**
   * Watches the process that has a name now (P41–P43).
   *
   * @param name any name; if nobody has it, {@link Down} with {@code noproc} comes at once
   * @return the monitor
   */
  Ref monitor(String name);

  /**
   * Watches a process in a special way.
   *
   * @param target any process, as for {@link #monitor(Pid)}
   * @param options the tag and the priority of the message at the end, and whether the monitor is
   *     an alias too
   * @return the monitor; also its alias, which is never active if the options ask for none
   */
  Alias monitor(Pid target, MonitorOptions options);

  /**
   * Watches the process that has a name now in a special way.
   *
   * @param name any name, as for {@link #monitor(String)}
   * @param options as for {@link #monitor(Pid, MonitorOptions)}
   * @return the monitor, and its alias
   */
  Alias monitor(String name, MonitorOptions options);

  /**
   * Ends a monitor of this process (P44). No {@link Down} is added afterwards; one that is in the
   * mailbox stays.
   *
   * @param monitor any reference
   * @return whether there was such a monitor
   */
  boolean demonitor(Ref monitor);

  /**
   * Ends a monitor of this process and takes its {@link Down} out of the mailbox, if it is there
   * (P44, {@code flush}).
   *
   * @param monitor any reference
   * @return whether there was such a monitor
   */
  boolean demonitorFlush(Ref monitor);

  /**
   * The monitors this process has on others.
   *
   * @return a snapshot in no particular order
   */
  List<Ref> monitors();

  /**
   * Makes an alias of this process that lasts until {@link #unalias} (P50).
   *
   * @return a new alias
   */
  default Alias alias() {
    return alias(AliasMode.EXPLICIT_UNALIAS, Priority.NORMAL);
  }

  /**
   * Makes an alias of this process (P50, P52).
   *
   * @param mode {@link AliasMode#EXPLICIT_UNALIAS} or {@link AliasMode#REPLY}
   * @return a new alias
   */
  default Alias alias(AliasMode mode) {
    return alias(mode, Priority.NORMAL);
  }

  /**
   * Makes an alias of this process (P50, P52, P70).
   *
   * @param mode {@link AliasMode#EXPLICIT_UNALIAS} or {@link AliasMode#REPLY}
   * @param priority {@link Priority#HIGH} to take priority messages through it
   * @return a new alias
   * @throws IllegalArgumentException if the mode is one of those for monitors
   */
  Alias alias(AliasMode mode, Priority priority);

  /**
   * Ends an alias of this process (P50). What had arrived through it is in the mailbox and stays;
   * what arrives later is dropped.
   *
   * @param alias any alias
   * @return whether it was active and this process's; false has no effect (P55)
   */
  boolean unalias(Alias alias);

  /**
   * Whether this process takes priority messages: it has a link, a monitor or an active alias of
   * high priority (P74).
   *
   * @return true as long as there is one
   */
  boolean takesPriorityMessages();

  /**
   * Ends this process (P3). Write {@code throw self.exit(reason)}.
   *
   * @param reason why
   * @return never
   */
  ProcessExit exit(ExitReason reason);

  /**
   * Ends this reactive process after the handler that is running.
   *
   * @param reason why
   */
  void stop(ExitReason reason);

  /**
   * Goes on as another reactive process when the code that is running returns: same pid, same
   * mailbox, links and name (the {@code enter_loop} of OTP, G11).
   *
   * @param next what handles the messages from then on
   */
  void become(Reactive next);

  /**
   * Whether exit signals become {@link Exit} messages (semantics 1.3, P84).
   *
   * @param trap the new setting
   * @return the old one; the first is false
   */
  boolean trapExit(boolean trap);

  /**
   * Asks a process to answer; the outcome comes as a {@link Response} message (G30). Never fails
   * here.
   *
   * @param to who is asked
   * @param payload what is asked
   * @return the reference its {@link Response} will carry
   */
  Ref sendRequest(Pid to, Object payload);

  /**
   * Gives up a request of this process: no {@link Response} is added afterwards; one that is in the
   * mailbox stays.
   *
   * @param request any reference
   * @return whether its outcome was still open
   */
  boolean abandon(Ref request);

  /**
   * Turns to something that this process has received before and kept: until it receives the next
   * message, what it does is done for that. A process that {@linkplain Deadlines hands deadlines
   * on} gives its calls the time that is left for the request; one that drops expired requests is
   * told that this one has expired meanwhile. For code with a queue of its own; the behaviours do
   * it for what they keep.
   *
   * <p>A request that came inside another message belongs to this process from then on: if it ends
   * without an answer, the call fails.
   *
   * @param request what it turns to; null if that is no request
   * @return false if the request need not be handled: it has expired, was counted as such, and the
   *     process goes on with what it did before. Always true under {@link Deadlines#IGNORE}.
   */
  boolean takeUp(@Nullable Request request);

  /**
   * Cancels a timer; the outcome comes as a {@link TimerCancelled} message (T8, {@code async}).
   *
   * @param timer any reference
   */
  void cancelTimerAsync(Ref timer);

  /**
   * Reads a timer; the answer comes as a {@link TimerRead} message (T8, {@code async}).
   *
   * @param timer any reference
   */
  void readTimerAsync(Ref timer);

  /**
   * Lets others run. Returns at once when nobody is ready and no timer is due; looks at exit
   * signals each time, and at the clock at least each 32nd time that nobody is ready.
   */
  void yieldNow();

  /**
   * Lets others run when the handler that is running has returned, before the next message is
   * handled; nothing happens if nobody is ready then. Unlike {@link #yieldNow} it costs no stack.
   * In a blocking process it is {@code yieldNow}.
   */
  void yieldAfterHandler();

  /**
   * Lets others run if this process has used up its time slice: for hot loops, one field read
   * otherwise.
   */
  void checkpoint();

  /**
   * Sleeps on the node's clock. Messages do not end it, exit signals do.
   *
   * @param time zero or more
   */
  void sleep(Duration time);

  /**
   * Waits for a message, which stays in the mailbox, and gives back the memory this process can do
   * without meanwhile (P83). Returns at once if there is a message.
   *
   * <p>A reactive process does not wait here: it hibernates when the handler that is running has
   * returned and no message is there.
   */
  void hibernate();

  /**
   * Runs code that blocks in native frames, or computes for long, on another thread while this
   * process waits. The code is not interrupted when the process is told to die, and the process
   * ends only after it ({@link KillPolicy#AWAIT_TERMINATION}); kernel operations of this process
   * must not be used inside.
   *
   * @param code what to run
   * @param <T> its result
   * @return its result
   * @throws Exception what the code threw
   */
  <T extends @Nullable Object> T blocking(Callable<T> code) throws Exception;

  /**
   * Computes on one of as many threads as there are processors ({@code cpuThreads} of the node's
   * options), and waits for the result; further computations queue. For work of more than a
   * millisecond or so, which would keep a scheduler from the other processes.
   *
   * <p>Unlike a {@link #blocking} section it does not keep the process alive: if the process is
   * told to die, a computation that has not begun never does, and one that runs is interrupted and
   * given up. It may call {@link #checkpoint} of this context, which then throws; if it does not
   * mind either it counts as a zombie until it returns. Of a process that is not to be cut off
   * ({@link KillPolicy#AWAIT_TERMINATION}) it is waited for.
   *
   * @param code what to compute; runs on another thread, so no other operation of this context may
   *     be used in it
   * @param <T> its result
   * @return its result
   * @throws Exception what the code threw
   */
  <T extends @Nullable Object> T cpuBound(Callable<T> code) throws Exception;

  /**
   * Puts a value into the process dictionary (P80). It ends with the process.
   *
   * @param key any key
   * @param value any value
   * @return the old value, or null
   */
  @Nullable Object put(Object key, Object value);

  /**
   * A value of the process dictionary.
   *
   * @param key any key
   * @return the value, or null
   */
  @Nullable Object get(Object key);

  /**
   * Removes a value from the process dictionary.
   *
   * @param key any key
   * @return the old value, or null
   */
  @Nullable Object erase(Object key);

  /**
   * The keys of the process dictionary (P80).
   *
   * @return a snapshot in no particular order
   */
  Set<Object> getKeys();

  /**
   * The keys of the process dictionary that have a value (P80).
   *
   * @param value any value, compared by {@code equals}
   * @return a snapshot in no particular order
   */
  Set<Object> getKeys(Object value);

  /**
   * Labels this process for tools and reports (P81).
   *
   * @param label any immutable value; the last one wins
   */
  void setLabel(Object label);
}
