package io.coppice.kernel.scheduler;

import io.coppice.kernel.cell.Host;
import io.coppice.kernel.jdk.JdkInternals;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What decides which item runs next, on a thread that somebody lends it; and the time slice of what
 * runs.
 *
 * <p>Threads: confined to the thread that drives it, or the runner that it carries, except for what
 * is said to be shared.
 */
abstract class Carrier {
  private static final VarHandle TURNS;
  private static final VarHandle IN_TURN;
  private static final VarHandle EXPIRED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      TURNS = lookup.findVarHandle(Carrier.class, "turns", long.class);
      IN_TURN = lookup.findVarHandle(Carrier.class, "inTurn", boolean.class);
      EXPIRED = lookup.findVarHandle(Carrier.class, "expired", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final String name;
  private @Nullable Runner mounted;

  // ---- shared
  @SuppressWarnings("unused") // by EXPIRED
  private boolean expired; // set by the monitor: the current turn has used up its slice

  @SuppressWarnings("unused") // by TURNS
  private long turns; // written by the thread, read by the monitor

  @SuppressWarnings("unused") // by IN_TURN
  private boolean inTurn;

  Carrier(String name) {
    this.name = name;
  }

  /** The carrier of the calling thread, if any. */
  static @Nullable Carrier current() {
    return JdkInternals.currentCarrier() instanceof Carried by ? by.carrier() : null;
  }

  /** The next item to run, or null: a process that is ready, or a runner that can go on. */
  abstract @Nullable Object next();

  /** A process keeps a runner, which may run elsewhere already. */
  void captured(MountedRunner runner) {}

  /** Whether a runner hosts one process after another. */
  boolean reusesRunners() {
    return true;
  }

  final String name() {
    return name;
  }

  /** The runner that it carries; for others a momentary value. */
  final @Nullable Host host() {
    return mounted;
  }

  /** It carries this runner now, or none. */
  final void carries(@Nullable Runner runner) {
    mounted = runner;
  }

  // ---- the slice

  /** A turn of a process begins. */
  final void beginTurn() {
    TURNS.setOpaque(this, (long) TURNS.get(this) + 1);
    if (!(boolean) IN_TURN.get(this)) {
      IN_TURN.setOpaque(this, true);
    }
    if (sliceUsed()) {
      EXPIRED.setOpaque(this, false);
    }
  }

  /** No process runs. */
  final void endTurn() {
    IN_TURN.setOpaque(this, false);
  }

  boolean sliceUsed() {
    return (boolean) EXPIRED.getOpaque(this);
  }

  /** By the monitor: the current turn is to end at its next chance. */
  final void expireSlice() {
    EXPIRED.setOpaque(this, true);
  }

  final long turnsOpaque() {
    return (long) TURNS.getOpaque(this);
  }

  final boolean inTurnOpaque() {
    return (boolean) IN_TURN.getOpaque(this);
  }
}
