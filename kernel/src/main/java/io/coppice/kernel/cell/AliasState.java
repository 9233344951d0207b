package io.coppice.kernel.cell;

import io.coppice.kernel.cell.Signal.Demonitor;
import io.coppice.kernel.cell.Signal.Monitor;
import io.coppice.kernel.process.Alias;
import io.coppice.kernel.process.AliasMode;
import org.jspecify.annotations.Nullable;

/**
 * Whether an alias lets messages through. Guarded by the token of its owner, whose signals decide
 * (P51); any thread may read the final fields.
 *
 * <p>An alias knows its owner, not the owner its aliases: creating one and forgetting it leaves
 * nothing behind, and the end of the owner ends them all, since its mailbox refuses everything.
 */
final class AliasState {
  /** What the kernel's own aliases are; others are refused. */
  interface Holder extends Alias {
    /** The state of the alias; null if the reference is none, and then it is never active. */
    @Nullable AliasState aliasState();

    /** Whose it is. */
    ProcessCell owner();
  }

  /** An alias that is nothing else. */
  static final class Plain implements Holder {
    private final AliasState state;

    Plain(AliasState state) {
      this.state = state;
    }

    @Override
    public AliasState aliasState() {
      return state;
    }

    @Override
    public ProcessCell owner() {
      return state.owner;
    }

    @Override
    public String toString() {
      return "#Alias<" + state.owner + ">";
    }
  }

  final ProcessCell owner;
  private final AliasMode mode;
  private final boolean priority;
  private boolean active = true;

  AliasState(ProcessCell owner, AliasMode mode, boolean priority) {
    this.owner = owner;
    this.mode = mode;
    this.priority = priority;
  }

  /** Whether the owner takes priority messages through it. */
  boolean isPriority() {
    return priority;
  }

  /** Whether an exit signal is let in, which uses up nothing: it is no reply. */
  boolean isActive() {
    return active;
  }

  /** A message has come through it; whether it is let in. */
  boolean receive(Relations relations, @Nullable Monitor monitor) {
    if (!active) {
      return false;
    }
    if (mode == AliasMode.REPLY || mode == AliasMode.REPLY_DEMONITOR) {
      deactivate(relations);
      if (monitor != null && relations.removeMonitor(monitor) && monitor.target != null) {
        demonitor(monitor, monitor.target);
      }
    }
    return true;
  }

  /** A courtesy: the other would tell its end in vain. */
  private static void demonitor(Monitor monitor, ProcessCell target) {
    try {
      target.deliverSignal(new Demonitor(monitor));
    } catch (OutOfMemoryError noMemory) {
      // the message that came through the alias is what counts
    }
  }

  /** The monitor it belongs to has ended, or fired. */
  void monitorEnded(Relations relations) {
    if (mode != AliasMode.EXPLICIT_UNALIAS) {
      deactivate(relations);
    }
  }

  /** Ends it; whether it was active. */
  boolean deactivate(Relations relations) {
    boolean was = active;
    active = false;
    if (was) {
      relations.removeAlias(priority);
    }
    return was;
  }
}
