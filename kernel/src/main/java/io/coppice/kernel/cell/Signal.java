package io.coppice.kernel.cell;

import io.coppice.kernel.process.AliasMode;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.MonitorOptions;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Priority;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.TaggedDown;
import org.jspecify.annotations.Nullable;

/**
 * What travels to a process beside messages. All of it, messages too, goes through the one inbound
 * queue, so that signals of one sender are handled in the order sent, whatever their kinds (P10).
 */
abstract sealed class Signal {
  /** Whether it acts on arrival, so that somebody handles it also for a process that computes. */
  boolean isUrgent() {
    return true;
  }

  /** Whose order it is in; null: that of the calling process. */
  @Nullable ProcessCell sender() {
    return switch (this) {
      case Link link -> link.from;
      case Unlink unlink -> unlink.from;
      case Monitor monitor -> monitor.watcher;
      case Demonitor demonitor -> demonitor.monitor.watcher;
      case Ended ended -> ended.monitor.target;
      case ExitSignal exit -> (ProcessCell) exit.from;
      case AliveQuery _, MessagesQuery _, Answered _, ViaAlias _, Overrun _ -> null;
    };
  }

  /**
   * A link, and the request to make it. The object is the link's identity.
   *
   * <p>Links are an observed-remove set: each side holds the identities it knows; link adds a fresh
   * one here and sends it there; unlink removes those known here and tells the other side which. An
   * exit counts only if one of its identities is still in the receiver's set. Since an identity is
   * never added twice, crossing links and unlinks leave both sides with the same set, without any
   * acknowledgement (P34, P35). Two sides that link at the same time hold two identities; it is one
   * link for everybody else (P30).
   */
  static final class Link extends Signal {
    final ProcessCell from;

    Link(ProcessCell from) {
      this.from = from;
    }
  }

  /** The sender no longer holds these links. */
  static final class Unlink extends Signal {
    final ProcessCell from;
    final Link[] links;

    Unlink(ProcessCell from, Link[] links) {
      this.from = from;
      this.links = links;
    }
  }

  /** A monitor, and the request to make it; the object is its reference. */
  static sealed class Monitor extends Signal implements Ref {
    final ProcessCell watcher;
    final @Nullable ProcessCell target;
    final Object object; // what the Down shows: the pid, or the name

    // ---- guarded by the watcher's token: its place in the list of what the watcher watches
    boolean watching;
    @Nullable Monitor previousWatching;
    @Nullable Monitor nextWatching;

    // ---- guarded by the target's token: its place in the list of who watches the target
    boolean watched;
    @Nullable Monitor previousWatched;
    @Nullable Monitor nextWatched;

    Monitor(ProcessCell watcher, @Nullable ProcessCell target, Object object) {
      this.watcher = watcher;
      this.target = target;
      this.object = object;
    }

    /** The message at the end. */
    Object down(ExitReason reason) {
      return new Down(this, object, reason);
    }

    boolean isPriority() {
      return false;
    }

    /** The alias it is, if any. */
    @Nullable AliasState aliasState() {
      return null;
    }

    @Override
    public String toString() {
      return "#Monitor<" + watcher + " of " + object + ">";
    }
  }

  /** A monitor that differs from the ordinary one. */
  static final class SpecialMonitor extends Monitor implements AliasState.Holder {
    private final @Nullable Object tag;
    private final boolean priority;
    private final @Nullable AliasState alias;

    SpecialMonitor(
        ProcessCell watcher, @Nullable ProcessCell target, Object object, MonitorOptions options) {
      super(watcher, target, object);
      this.tag = options.tag();
      this.priority = options.priority() == Priority.HIGH;
      AliasMode mode = options.alias();
      this.alias = mode == null ? null : new AliasState(watcher, mode, false);
    }

    @Override
    Object down(ExitReason reason) {
      return tag == null ? super.down(reason) : new TaggedDown(tag, this, object, reason);
    }

    @Override
    boolean isPriority() {
      return priority;
    }

    @Override
    public @Nullable AliasState aliasState() {
      return alias;
    }

    @Override
    public ProcessCell owner() {
      return watcher;
    }
  }

  /** The watcher no longer wants it. */
  static final class Demonitor extends Signal {
    final Monitor monitor;

    Demonitor(Monitor monitor) {
      this.monitor = monitor;
    }
  }

  /** The target of a monitor has ended. */
  static final class Ended extends Signal {
    final Monitor monitor;
    final ExitReason reason;

    Ended(Monitor monitor, ExitReason reason) {
      this.monitor = monitor;
      this.reason = reason;
    }
  }

  /** An exit signal; with links it comes from a linked process that ended. */
  static final class ExitSignal extends Signal {
    final Pid from;
    final ExitReason reason;
    final Link @Nullable [] links;
    final boolean trappable;

    ExitSignal(Pid from, ExitReason reason, Link @Nullable [] links) {
      this(from, reason, links, true);
    }

    private ExitSignal(Pid from, ExitReason reason, Link @Nullable [] links, boolean trappable) {
      this.from = from;
      this.reason = reason;
      this.links = links;
      this.trappable = trappable;
    }

    /** Ends a process like {@link ExitReason#KILL}, but with a reason that says why. */
    static ExitSignal untrappable(Pid from, ExitReason reason) {
      return new ExitSignal(from, reason, null, false);
    }
  }

  /** A message, or an exit signal, that was sent through an alias. */
  static final class ViaAlias extends Signal {
    final AliasState.Holder alias;
    final Object content;
    private final boolean priority;

    ViaAlias(AliasState.Holder alias, Object content, Priority priority) {
      this.alias = alias;
      this.content = content;
      AliasState state = alias.aliasState();
      this.priority = priority == Priority.HIGH && state != null && state.isPriority();
    }

    boolean isPriority() {
      return priority;
    }

    /** An ordinary message through an alias costs what any message costs: nobody hurries. */
    @Override
    boolean isUrgent() {
      return priority || content instanceof ExitSignal;
    }
  }

  /** The mailbox is full, and the process is to end for it. */
  static final class Overrun extends Signal {
    final ExitReason reason;

    Overrun(ExitReason reason) {
      this.reason = reason;
    }
  }

  /** The question whether the process lives, to be answered in its turn (P6). */
  static final class AliveQuery extends Signal {
    final CallRequest slot;
    final boolean untilEnd; // not to be answered before it has ended

    AliveQuery(CallRequest slot, boolean untilEnd) {
      this.slot = slot;
      this.untilEnd = untilEnd;
    }
  }

  /** The question which messages wait; what was sent before it is among them (P10). */
  static final class MessagesQuery extends Signal {
    final CallRequest slot;
    final int limit;

    MessagesQuery(CallRequest slot, int limit) {
      this.slot = slot;
      this.limit = limit;
    }
  }

  /** The outcome of a request whose answer is wanted as a message. */
  static final class Answered extends Signal {
    final CallRequest.AsMessage request;

    Answered(CallRequest.AsMessage request) {
      this.request = request;
    }

    /** It is a message for everybody who looks: nobody hurries. */
    @Override
    boolean isUrgent() {
      return false;
    }
  }
}
