package io.coppice.kernel.process;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How to spawn a process. Immutable; each method returns a changed copy.
 *
 * @param name the name to register it under before its code runs, or null (default)
 * @param ties its link with, and its monitor by, the spawning process, and its name in a registry
 *     of one's own; default none
 * @param dedicated whether it has a platform thread of its own; default false
 * @param initialCall what it is called in reports; default: the class of its code
 * @param label its first label, or null (default)
 * @param mailboxCapacity slots of its mailbox's ring, from 2 to 65 536, rounded up to a power of
 *     two; default 0: what the node's options say (16). A full ring spills into an unbounded
 *     overflow list; see {@link io.coppice.kernel.Knob#MAILBOX_CAPACITY}
 * @param queue how many messages may wait, how many are many, and which are not worth its time;
 *     default: any number, none
 * @param onKill what happens when it is told to die while its code runs; default {@link
 *     KillPolicy#ABANDON}, for a dedicated thread {@link KillPolicy#AWAIT_TERMINATION}
 * @param nonBlocking whether its handlers never wait, see {@link #neverBlocks}; default false
 */
public record SpawnOptions(
    @Nullable String name,
    Ties ties,
    boolean dedicated,
    @Nullable String initialCall,
    @Nullable Object label,
    int mailboxCapacity,
    Queue queue,
    @Nullable KillPolicy onKill,
    boolean nonBlocking) {
  /** The default: no name, no link, no monitor, an ordinary process. */
  public static final SpawnOptions DEFAULT =
      new SpawnOptions(null, Ties.NONE, false, null, null, 0, Queue.PLAIN, null, false);

  /**
   * What binds a new process to the one that spawns it, from its first instruction on (P2).
   *
   * @param link the priority that the spawning process gives to exits of the link (P70), or null
   *     for no link
   * @param monitor how the spawning process monitors it, or null for no monitor
   * @param via its name in a registry, or null for none
   */
  public record Ties(
      @Nullable Priority link, @Nullable MonitorOptions monitor, @Nullable ViaName via) {
    static final Ties NONE = new Ties(null, null, null);

    Ties withLink(Priority priority) {
      return new Ties(priority, monitor, via);
    }

    Ties withMonitor(MonitorOptions options) {
      return new Ties(link, options, via);
    }

    Ties withVia(ViaName name) {
      return new Ties(link, monitor, name);
    }
  }

  /**
   * How many messages may wait for a process, how many are many, and which are not worth its time.
   *
   * @param limit how many may wait and what happens to one more, or null for no limit
   * @param marks when to report that many wait, or null for what the node does
   * @param deadlines what becomes of requests that nobody waits for any more
   */
  public record Queue(
      @Nullable MailboxLimit limit, @Nullable Watermarks marks, Deadlines deadlines) {
    static final Queue PLAIN = new Queue(null, null, Deadlines.IGNORE);

    /** Refuses null deadlines. */
    public Queue {
      Objects.requireNonNull(deadlines, "deadlines");
    }
  }

  /**
   * Checks what goes together.
   *
   * @throws IllegalArgumentException if the capacity is out of its range, or a process that never
   *     blocks should have a thread of its own or a mailbox limit
   */
  public SpawnOptions {
    if (mailboxCapacity != 0 && (mailboxCapacity < 2 || mailboxCapacity > 65_536)) {
      throw new IllegalArgumentException(
          "mailboxCapacity is "
              + mailboxCapacity
              + ", allowed are 2 to 65536 slots, or 0 for what the node says");
    }
    if (nonBlocking && (dedicated || queue.limit() != null)) {
      throw new IllegalArgumentException(
          "A process that never blocks cannot have "
              + (dedicated ? "a thread of its own" : "a mailbox limit")
              + ": its callers run its handlers themselves while it rests; leave one of the two"
              + " away");
    }
  }

  /**
   * Registers the process under a name before its code runs (G3).
   *
   * @param value the name, not empty
   * @return a changed copy
   */
  public SpawnOptions name(String value) {
    Objects.requireNonNull(value, "name");
    return new SpawnOptions(
        value, ties, dedicated, initialCall, label, mailboxCapacity, queue, onKill, nonBlocking);
  }

  /**
   * Registers the process in a registry of one's own before its code runs (G3, P62). If the name is
   * taken there, nothing is spawned, and the spawn throws {@link NameTaken}.
   *
   * @param registry the registry
   * @param key the name there
   * @return a changed copy
   */
  public SpawnOptions via(NameRegistry registry, Object key) {
    return new SpawnOptions(
        name,
        ties.withVia(new ViaName(registry, key)),
        dedicated,
        initialCall,
        label,
        mailboxCapacity,
        queue,
        onKill,
        nonBlocking);
  }

  /**
   * Links the process with the one that spawns it.
   *
   * @return a changed copy
   */
  public SpawnOptions link() {
    return new SpawnOptions(
        name,
        ties.withLink(Priority.NORMAL),
        dedicated,
        initialCall,
        label,
        mailboxCapacity,
        queue,
        onKill,
        nonBlocking);
  }

  /**
   * Links the process with the one that spawns it.
   *
   * @param priority the place that the spawning process gives to the {@link Exit} (P70)
   * @return a changed copy
   */
  public SpawnOptions link(Priority priority) {
    Objects.requireNonNull(priority, "priority");
    return new SpawnOptions(
        name,
        ties.withLink(priority),
        dedicated,
        initialCall,
        label,
        mailboxCapacity,
        queue,
        onKill,
        nonBlocking);
  }

  /**
   * Has the spawning process monitor it.
   *
   * @param options how
   * @return a changed copy
   */
  public SpawnOptions monitor(MonitorOptions options) {
    Objects.requireNonNull(options, "options");
    return new SpawnOptions(
        name,
        ties.withMonitor(options),
        dedicated,
        initialCall,
        label,
        mailboxCapacity,
        queue,
        onKill,
        nonBlocking);
  }

  /**
   * Has the spawning process monitor it.
   *
   * @return a changed copy
   */
  public SpawnOptions monitor() {
    return new SpawnOptions(
        name,
        ties.withMonitor(MonitorOptions.DEFAULT),
        dedicated,
        initialCall,
        label,
        mailboxCapacity,
        queue,
        onKill,
        nonBlocking);
  }

  /**
   * Gives the process a platform thread of its own: for code that blocks in native frames, such as
   * an embedded database. It is not interrupted when it is told to die.
   *
   * @return a changed copy
   * @throws IllegalArgumentException after {@link #neverBlocks}
   */
  public SpawnOptions dedicatedThread() {
    return new SpawnOptions(
        name, ties, true, initialCall, label, mailboxCapacity, queue, onKill, nonBlocking);
  }

  /**
   * What reports call it.
   *
   * @param value e.g. the callback class of a behaviour
   * @return a changed copy
   */
  public SpawnOptions initialCall(String value) {
    Objects.requireNonNull(value, "initialCall");
    return new SpawnOptions(
        name, ties, dedicated, value, label, mailboxCapacity, queue, onKill, nonBlocking);
  }

  /**
   * Its first label (P81).
   *
   * @param value any immutable value
   * @return a changed copy
   */
  public SpawnOptions label(Object value) {
    Objects.requireNonNull(value, "label");
    return new SpawnOptions(
        name, ties, dedicated, initialCall, value, mailboxCapacity, queue, onKill, nonBlocking);
  }

  /**
   * The number of slots of its mailbox's ring.
   *
   * @param slots from 2 to 65 536
   * @return a changed copy
   * @throws IllegalArgumentException if it is out of that range, and not 0 for what the node says
   */
  public SpawnOptions mailboxCapacity(int slots) {
    return new SpawnOptions(
        name, ties, dedicated, initialCall, label, slots, queue, onKill, nonBlocking);
  }

  /**
   * Bounds its mailbox. Without a limit a process that is slower than its senders fills the heap;
   * which {@link Overflow} fits depends on who should feel it:
   *
   * <ul>
   *   <li>{@link Overflow#SUSPEND_SENDER}: a pipeline of processes whose work must not be lost. The
   *       slowest stage sets the pace of all. Not in circles: two that wait for each other lose
   *       their patience, and one of them crashes.
   *   <li>{@link Overflow#FAIL_SEND}: a server whose clients can do something about it: answer "try
   *       again later", take another one. Calls from outside fail at once, too.
   *   <li>{@link Overflow#DROP_NEWEST}: what has waited longest is worth most; a log, an audit that
   *       may have gaps but no disorder.
   *   <li>{@link Overflow#DROP_OLDEST}: what is newest is worth most; prices, positions, states.
   *   <li>{@link Overflow#END_RECEIVER}: a process that falls behind is broken, and its supervisor
   *       starts it anew with an empty mailbox.
   * </ul>
   *
   * <p>Requests that are refused or lost fail with {@link ExitReason.MailboxOverflow} under each of
   * them. An example that is run as a test:
   *
   * {@snippet class="io.coppice.kernel.MailboxLimitTest" region="limit"}
   *
   * @param limit how many messages may wait, and what happens to one more
   * @return a changed copy
   * @throws IllegalArgumentException after {@link #neverBlocks}
   */
  public SpawnOptions mailboxLimit(MailboxLimit limit) {
    Objects.requireNonNull(limit, "limit");
    return with(new Queue(limit, queue.marks(), queue.deadlines()));
  }

  /**
   * Reports when many messages wait, and when few wait again. Without marks of its own a process is
   * watched by the node ({@code Knob.LONG_QUEUE}).
   *
   * @param marks how many
   * @return a changed copy
   */
  public SpawnOptions watermarks(Watermarks marks) {
    Objects.requireNonNull(marks, "marks");
    return with(new Queue(queue.limit(), marks, queue.deadlines()));
  }

  /**
   * What becomes of requests that nobody waits for any more when their turn comes. The default is
   * that of OTP: they are handled (G24). An example that is run as a test:
   *
   * {@snippet class="io.coppice.kernel.DeadlinesTest" region="drop"}
   *
   * @param value what the process makes of deadlines
   * @return a changed copy
   */
  public SpawnOptions deadlines(Deadlines value) {
    return with(new Queue(queue.limit(), queue.marks(), value));
  }

  private SpawnOptions with(Queue changed) {
    return new SpawnOptions(
        name, ties, dedicated, initialCall, label, mailboxCapacity, changed, onKill, nonBlocking);
  }

  /**
   * What happens when it is told to die while its code runs.
   *
   * @param value the policy
   * @return a changed copy
   */
  public SpawnOptions onKill(KillPolicy value) {
    Objects.requireNonNull(value, "onKill");
    return new SpawnOptions(
        name, ties, dedicated, initialCall, label, mailboxCapacity, queue, value, nonBlocking);
  }

  /**
   * Declares that the handlers of a reactive process never wait, so that calls to it need no change
   * of stacks: while it rests with an empty mailbox, and is called by a process that runs on a
   * scheduler, the caller's thread runs the handler at once, on the caller's stack. In all other
   * cases the call is sent as ever; so it is if the caller has little stack left or has bound
   * scoped values, and in a JVM that was started without the flag that opens {@code java.lang}. Who
   * calls cannot tell which, but for the time (a GenServer's call took 169 ns in place of 448) and
   * for this:
   *
   * <ul>
   *   <li>The time-out of the call is looked at when the handler has returned.
   *   <li>The handler has the stack that the caller leaves, of which 64 KiB are free for sure.
   *   <li>A lock of the JDK that the caller holds is entered again, not waited for.
   *   <li>While the handler runs, or hangs, so does the caller; each can be killed for itself.
   * </ul>
   *
   * <p>Handlers of such a process, {@code onStart} included, are refused every operation of the
   * kernel that may wait, whether it would wait just then or not, and before it has had any effect,
   * by an {@link IllegalStateException}: {@code receive}, {@code call}, {@code start}, {@code
   * sleep}, {@code yieldNow}, {@code isAlive}, {@code messages}, {@code demonitorFlush}, {@code
   * blocking}, {@code cpuBound}, and a send to a mailbox that suspends its senders. Operations that
   * give way as a courtesy do not. What waits elsewhere (locks, I/O) is not refused, and slows down
   * the callers.
   *
   * <p>With {@link #watermarks} all calls are sent. To spawn a {@link ProcessBody} with it fails
   * with an {@link IllegalArgumentException}.
   *
   * @return a changed copy
   * @throws IllegalArgumentException if it has a dedicated thread or a mailbox limit
   */
  public SpawnOptions neverBlocks() {
    return new SpawnOptions(
        name, ties, dedicated, initialCall, label, mailboxCapacity, queue, onKill, true);
  }

  /**
   * Whether it is linked with the spawning process.
   *
   * @return true after {@link #link()}
   */
  public boolean linked() {
    return ties.link() != null;
  }

  /**
   * Whether the spawning process monitors it.
   *
   * @return true after {@link #monitor()}
   */
  public boolean monitored() {
    return ties.monitor() != null;
  }
}
