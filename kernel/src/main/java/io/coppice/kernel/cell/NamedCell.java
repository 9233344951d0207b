package io.coppice.kernel.cell;

import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.time.TimerGroup;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a process is called, whom it comes from, and what it keeps: its name, label, parent, timers
 * and dictionary.
 *
 * <p>Threads: the owner writes, any thread may look, unless a member says otherwise.
 */
abstract class NamedCell extends WaitingCell {
  private static final VarHandle NAME;
  private static final VarHandle PARENT;
  private static final VarHandle TIMERS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      NAME = lookup.findVarHandle(NamedCell.class, "name", String.class);
      PARENT = lookup.findVarHandle(NamedCell.class, "parent", ProcessCell.class);
      TIMERS = lookup.findVarHandle(NamedCell.class, "timers", TimerGroup.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // ---- immutable
  private final long number;

  // ---- shared
  private @Nullable String name; // by NAME
  private volatile @Nullable Map<Object, Object> dictionary; // its owner writes, others may look
  private volatile @Nullable Object label;
  private @Nullable ProcessCell parent; // by PARENT
  private @Nullable TimerGroup timers; // by TIMERS; made when the first is started

  // ---- guarded by the shard of the ProcessTable
  ProcessTable.@Nullable Chunk chunk;
  byte place;

  NamedCell(Kernel kernel, long number, @Nullable ProcessCell parent, SpawnOptions options) {
    super(kernel, options);
    this.number = number;
    this.parent = parent;
    Object given = options.label();
    if (given != null) {
      label = given; // a volatile write
    }
  }

  /**
   * Its number, by which pids are told apart.
   *
   * @return unique in the node
   */
  public final long number() {
    return number;
  }

  final @Nullable String name() {
    return (String) NAME.getAcquire(this);
  }

  final boolean casName(@Nullable String expected, @Nullable String value) {
    return NAME.compareAndSet(this, expected, value);
  }

  final @Nullable ProcessCell parentCell() {
    return (ProcessCell) PARENT.getAcquire(this);
  }

  /** The timers that will deliver to it; a closed group if it has ended. */
  final TimerGroup timers() {
    TimerGroup known = timersIfAny();
    if (known == null) {
      TimerGroup made = new TimerGroup();
      TimerGroup found = (TimerGroup) TIMERS.compareAndExchange(this, null, made);
      known = found == null ? made : found;
      VarHandle.fullFence(); // between this write and the look for EXITING
    }
    if (isGone()) {
      known.close();
    }
    return known;
  }

  /**
   * Its timers, or null if none has been started. Volatile: at the end it is read after EXITING is
   * set, and whoever makes the group looks for EXITING afterwards.
   */
  final @Nullable TimerGroup timersIfAny() {
    return (TimerGroup) TIMERS.getVolatile(this);
  }

  final @Nullable Object label() {
    return label;
  }

  final void setLabel(Object value) {
    label = value;
  }

  final Map<Object, Object> dictionary() {
    Map<Object, Object> own = dictionary;
    if (own == null) {
      own = new ConcurrentHashMap<>(4);
      dictionary = own;
    }
    return own;
  }

  final @Nullable Map<Object, Object> dictionaryIfAny() {
    return dictionary;
  }

  /** At its end: it keeps nothing alive. */
  final void forgetOwn() {
    if (dictionary != null) {
      dictionary = null; // a volatile write
    }
    forgetDeadAncestors();
  }

  /**
   * Keeps the nearest ancestor that has not ended, for the descendants of this process. Those
   * between are forgotten: each of a chain of processes that start their successors would else keep
   * all before it. So a process keeps no more than were alive when it was spawned.
   */
  private void forgetDeadAncestors() {
    ProcessCell old = parentCell();
    ProcessCell living = old;
    while (living != null && living.hasEnded()) {
      living = living.parentCell();
    }
    if (living != old) {
      PARENT.setOpaque(this, living);
    }
  }
}
