package io.coppice.kernel.process;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A process as it looked a moment ago: taken without stopping it, or waiting for it. Parts of it
 * may be from slightly different moments; {@code related} and {@code trapExit} are from one.
 *
 * <p>Lists hold at most {@value #LISTED} entries, whatever there is; the counts beside them go on.
 *
 * @param pid the process
 * @param name its registered name, or null
 * @param label its label, or null
 * @param initialCall what it was started as
 * @param state what its code says it is doing ({@link Reactive#describe}), or null if that is no
 *     more than {@code initialCall}
 * @param parent the process that spawned it
 * @param ancestors its parent, the parent of that, and so on up to the root of the node, as {@link
 *     Context#ancestors}
 * @param status what it is doing
 * @param waiting the kernel operation it waits in
 * @param handling the class of the message that its code is handling or has received last, or null;
 *     for a {@link Request} or an {@link Envelope} that of what is inside
 * @param busyFor how long its code has been running or blocking with that, give or take the time
 *     slice of the node; null if it does neither, or has only begun
 * @param queueLength messages that wait in its mailbox, estimated
 * @param messages how many messages it has handled or received
 * @param turns how often it was given a scheduler, not counting those after a wait
 * @param trapExit whether it traps exits
 * @param related its links, monitors and aliases
 * @param timers some of the timers that will send to it
 * @param timerCount how many there are
 * @param dictionary some of the keys of its dictionary
 * @param dictionarySize how many there are
 * @param thread the thread its code runs on now: that of its {@linkplain Context#blocking section}
 *     or {@linkplain Context#cpuBound computation} if it waits for one, else the one that hosts it;
 *     or null
 */
public record ProcessInfo(
    Pid pid,
    @Nullable String name,
    @Nullable Object label,
    String initialCall,
    @Nullable String state,
    Pid parent,
    List<Pid> ancestors,
    ProcessStatus status,
    Wait waiting,
    @Nullable String handling,
    @Nullable Duration busyFor,
    int queueLength,
    long messages,
    long turns,
    boolean trapExit,
    Related related,
    List<Timer> timers,
    int timerCount,
    Set<Object> dictionary,
    int dictionarySize,
    @Nullable Thread thread) {
  /** The most entries in each of the lists. */
  public static final int LISTED = 100;

  /**
   * A wait in a kernel operation.
   *
   * @param reason which operation; {@link WaitReason#NONE} if the process does not wait
   * @param on the process it waits for, or null
   * @param onName the registered name of that process, or null
   * @param request the type of what it has asked for, or of what it waits at, or null
   * @param lasted how long it has waited; null if that is not known, as for a receive
   * @param left how long it will wait, null for ever
   */
  public record Wait(
      WaitReason reason,
      @Nullable Pid on,
      @Nullable String onName,
      @Nullable String request,
      @Nullable Duration lasted,
      @Nullable Duration left) {
    /** Does not wait. */
    public static final Wait NONE = new Wait(WaitReason.NONE, null, null, null, null, null);
  }

  /**
   * Links, monitors and aliases, all seen at one moment.
   *
   * @param links some of the processes it is linked with
   * @param linkCount how many there are
   * @param monitors some of what it monitors: pids, or the names that were asked for
   * @param monitorCount how many monitors that are
   * @param monitoredBy some of the processes that monitor it
   * @param monitoredByCount how many monitors that are
   * @param aliasCount active aliases it has made, monitors that are aliases included. A process
   *     keeps no list of them; one that was forgotten and not taken back counts for ever.
   */
  public record Related(
      List<Pid> links,
      int linkCount,
      List<Object> monitors,
      int monitorCount,
      List<Pid> monitoredBy,
      int monitoredByCount,
      int aliasCount) {
    /** None at all. */
    public static final Related NONE = new Related(List.of(), 0, List.of(), 0, List.of(), 0, 0);
  }

  /**
   * A timer that will send to the process.
   *
   * @param type the class of the message
   * @param left the time it has left
   */
  public record Timer(String type, Duration left) {}

  /**
   * Which kernel operation it waits in.
   *
   * @return the reason of {@link #waiting}
   */
  public WaitReason waitReason() {
    return waiting.reason();
  }

  /**
   * Whether it waits for code of its own that runs elsewhere.
   *
   * @return true in {@link Context#blocking} and {@link Context#cpuBound}
   */
  public boolean isInSection() {
    return waitReason() == WaitReason.BLOCKING_SECTION || waitReason() == WaitReason.COMPUTATION;
  }

  /**
   * Where its code is now. Taking a stack costs about a microsecond per frame, and stops a thread
   * that computes for that long.
   *
   * @return the stack of {@link #thread}, empty if there is none
   */
  public List<StackTraceElement> stack() {
    return thread == null ? List.of() : List.of(thread.getStackTrace());
  }
}
