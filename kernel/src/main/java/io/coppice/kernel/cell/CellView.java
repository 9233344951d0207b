package io.coppice.kernel.cell;

import io.coppice.kernel.process.Envelope;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.ProcessInfo.Related;
import io.coppice.kernel.process.ProcessInfo.Wait;
import io.coppice.kernel.process.ProcessStatus;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.WaitReason;
import io.coppice.kernel.time.GroupedTimer;
import io.coppice.kernel.time.MonotonicClock;
import io.coppice.kernel.time.TimerGroup;
import io.coppice.kernel.time.TimerNode;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a process from any thread, without stopping it and without its help.
 *
 * <p>What its owner writes is read as it is (the fields are null, or point to objects that are
 * whole or immutable). What the token guards is read with the token, which is held while at most
 * {@link ProcessInfo#LISTED} entries of each kind are copied; a process that is about to run waits
 * for that long. Who holds the token never waits for anything else, so neither does who looks.
 */
final class CellView {
  private static final int NEIGHBOUR_LOOKS = 1_000;

  private CellView() {}

  /** All that is to be known of a process; null if it has ended. */
  static @Nullable ProcessInfo info(ProcessCell cell) {
    Held held = look(cell, Integer.MAX_VALUE);
    if (held == null) {
      return null;
    }
    String state = cell.described();
    Thread thread = threadOf(cell);
    String told = cell.initialCall().equals(state) ? null : state;
    return info(cell, new Seen(cell.name(), status(cell), held, handling(cell), told, thread));
  }

  /**
   * What a process that ends shows of one that it is linked with: whatever can be had without
   * waiting, and without asking its code. Null if it has ended.
   */
  static @Nullable ProcessInfo neighbour(ProcessCell cell) {
    Held held = look(cell, NEIGHBOUR_LOOKS);
    return held == null
        ? null
        : info(cell, new Seen(cell.name(), status(cell), held, handling(cell), null, null));
  }

  /**
   * A process as it was when it crashed; for its owner, with the token, in phase EXITING.
   *
   * @param name the name it had
   */
  static ProcessInfo crashed(ProcessCell cell, @Nullable String name) {
    Host host = cell.host();
    Object message = host == null ? null : host.handling();
    String handling = message == null ? null : typeOf(message);
    Held held = held(cell);
    return info(cell, new Seen(name, ProcessStatus.RUNNING, held, handling, null, null));
  }

  /** What is not the same whoever looks. */
  private record Seen(
      @Nullable String name,
      ProcessStatus status,
      Held held,
      @Nullable String handling,
      @Nullable String state,
      @Nullable Thread thread) {}

  private static ProcessInfo info(ProcessCell cell, Seen seen) {
    Kernel kernel = cell.kernel;
    MonotonicClock clock = kernel.dispatcher().clock();
    long now = clock.nanoTime();
    Map<Object, Object> dictionary = cell.dictionaryIfAny();
    Set<Object> keys = dictionary == null ? Set.of() : some(dictionary.keySet());
    TimerGroup known = cell.timersIfAny();
    List<GroupedTimer> timers = known == null ? List.of() : known.some(ProcessInfo.LISTED);
    int timerCount = known == null ? 0 : known.size();
    ProcessCell parent = cell.parentCell();
    return new ProcessInfo(
        cell,
        seen.name,
        cell.label(),
        cell.initialCall(),
        seen.state,
        parent == null ? kernel.root() : parent,
        Crashes.ancestors(cell, ProcessInfo.LISTED),
        seen.status,
        waitOf(cell, seen.status, now),
        seen.handling,
        busyFor(cell, seen.status, now),
        cell.queueLength(),
        cell.messages(),
        cell.turns(),
        seen.held.trapExit,
        seen.held.related,
        timerCount == 0
            ? List.of()
            : timers.stream().map(timer -> view((MessageTimer) timer, clock)).toList(),
        timerCount,
        keys,
        dictionary == null ? 0 : dictionary.size(),
        seen.thread);
  }

  // ---- with the token

  private record Held(boolean trapExit, Related related) {}

  private static Held held(ProcessCell cell) {
    Relations known = cell.relationsIfAny();
    return new Held(cell.trapsExit(), known == null ? Related.NONE : known.copy());
  }

  /**
   * Null if the process is ending, or has ended.
   *
   * @param looks how often to ask for the token, before the relations are left out
   */
  private static @Nullable Held look(ProcessCell cell, int looks) {
    if (cell == cell.kernel.root()) {
      return new Held(false, Related.NONE); // it never runs, and keeps nothing
    }
    StateWord.Look look = cell.tryTakeTokenToLook();
    for (int left = looks - 1; look == StateWord.Look.HELD; left--) {
      if (left <= 0) {
        return new Held(cell.trapsExit(), Related.NONE);
      }
      Thread.onSpinWait();
      look = cell.tryTakeTokenToLook();
    }
    if (look == StateWord.Look.GONE) {
      return null;
    }
    try {
      return held(cell);
    } finally {
      if (cell.releaseTokenOfOther()) {
        cell.help(); // a signal came meanwhile, and was left to the holder
      }
    }
  }

  // ---- without

  static ProcessStatus status(ProcessCell cell) {
    int state = cell.stateAcquire();
    Host host = cell.host();
    return switch (state & StateWord.PHASE) {
      case StateWord.IDLE, StateWord.ROOT -> ProcessStatus.IDLE;
      case StateWord.SCHEDULED -> ProcessStatus.RUNNABLE;
      case StateWord.RUNNING -> running(cell, host, (state & StateWord.DYING) != 0);
      case StateWord.WAITING, StateWord.AWAITING -> ProcessStatus.WAITING;
      case StateWord.EXITING -> ProcessStatus.EXITING;
      default ->
          (state & StateWord.FENCED) != 0 && host != null
              ? ProcessStatus.ZOMBIE
              : ProcessStatus.DEAD;
    };
  }

  private static ProcessStatus running(ProcessCell cell, @Nullable Host host, boolean dying) {
    if (dying) {
      return ProcessStatus.DYING;
    }
    if (cell.section() != null || (host != null && host.isLent() && host.current != cell)) {
      return ProcessStatus.WAITING; // for its end
    }
    return host != null && host.blocksOutside() ? ProcessStatus.BLOCKED : ProcessStatus.RUNNING;
  }

  static Wait waitOf(ProcessCell cell, ProcessStatus status, long nowNanos) {
    Object what = cell.waitingForAcquire();
    Duration left = null;
    if (what instanceof WaitTimer timer) {
      left = left(timer, cell.kernel.dispatcher().clock());
      what = timer.reason;
    }
    return switch (what) {
      case CallRequest.ByProcess call -> {
        ProcessCell callee = call.callee();
        yield new Wait(
            call.reason,
            callee,
            callee == null ? null : callee.name(),
            call.reason == WaitReason.CALL || call.reason == WaitReason.HANDOFF
                ? typeOf(call)
                : null,
            since(call.sinceNanos(), nowNanos),
            left);
      }
      case WaitReason reason -> new Wait(reason, null, null, null, null, left);
      case Awaited _ -> new Wait(WaitReason.RECEIVE, null, null, null, null, left);
      case Section section ->
          new Wait(section.reason, null, null, null, since(section.sinceNanos, nowNanos), null);
      case null, default -> Wait.NONE;
    };
  }

  /** Whose stack is that of its code: of the thread of its section, or of its host. */
  static @Nullable Thread threadOf(ProcessCell cell) {
    Section section = cell.section();
    Thread elsewhere = section == null ? null : section.thread();
    Host host = cell.host();
    return elsewhere != null || host == null ? elsewhere : host.thread();
  }

  static @Nullable String handling(ProcessCell cell) {
    Host host = cell.host();
    Object message = host == null ? null : host.handling();
    return host == null || message == null || host.current != cell ? null : typeOf(message);
  }

  private static @Nullable Duration busyFor(ProcessCell cell, ProcessStatus status, long nowNanos) {
    return switch (status) {
      case RUNNING, DYING -> since(cell.kernel.dispatcher().runningSinceNanos(cell), nowNanos);
      case BLOCKED -> blocked(cell, nowNanos);
      default -> null;
    };
  }

  private static @Nullable Duration blocked(ProcessCell cell, long nowNanos) {
    Host host = cell.host();
    return host == null ? null : since(host.blockedSinceNanos(), nowNanos);
  }

  private static @Nullable Duration since(long sinceNanos, long nowNanos) {
    return sinceNanos == Long.MIN_VALUE
        ? null
        : Duration.ofNanos(Math.max(0, nowNanos - sinceNanos));
  }

  private static ProcessInfo.Timer view(MessageTimer timer, MonotonicClock clock) {
    return new ProcessInfo.Timer(typeOf(timer.message()), left(timer, clock));
  }

  private static Duration left(TimerNode timer, MonotonicClock clock) {
    return Duration.ofNanos(Math.max(0, timer.nanosLeft(clock)));
  }

  private static Set<Object> some(Set<Object> keys) {
    Set<Object> some = new LinkedHashSet<>();
    for (Object key : keys) {
      if (some.size() == ProcessInfo.LISTED) {
        break;
      }
      some.add(key);
    }
    return some;
  }

  /** The class of a message, or of what it carries. */
  static String typeOf(Object message) {
    return switch (message) {
      case Request request -> inner(request.payload());
      case Envelope envelope -> inner(envelope.message());
      default -> message.getClass().getName();
    };
  }

  private static String inner(Object message) {
    return message instanceof Envelope envelope
        ? envelope.message().getClass().getName()
        : message.getClass().getName();
  }
}
