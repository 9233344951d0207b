package io.coppice.behaviours.statem;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Timeout;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The timeouts of a machine (semantics 5.3). Used by its process only.
 *
 * <p>A timeout is in one of two maps, or in none. In {@code running} it has a timer of the kernel;
 * its message counts only while that very timer is in the map, so one that is cancelled or replaced
 * can no longer be delivered, even if its message is in the mailbox already (SM26). In {@code due}
 * its time is over: with time zero it gets there without any timer, in the order in which they were
 * set (SM24).
 */
final class TimeoutTable {
  private record Running(Ref timer, Object content) {}

  /** What a timer delivers. */
  private record Expiry(TimeoutType type) {}

  private final Map<TimeoutType, Running> running = new HashMap<>(0);
  private final LinkedHashMap<TimeoutType, Object> due = new LinkedHashMap<>(0);

  void apply(Context self, TimeoutAction action) {
    TimeoutType type = action.type();
    switch (action) {
      case TimeoutAction.Cancel cancel -> cancel(self, type);
      case TimeoutAction.Update(_, Object content) -> update(type, content);
      case TimeoutAction.Start(_, Duration after, Object content) -> {
        cancel(self, type);
        if (after.isZero()) {
          due.put(type, content);
        } else {
          Ref timer = self.startTimer(after, self.pid(), new Expiry(type));
          running.put(type, new Running(timer, content));
        }
      }
      case TimeoutAction.StartAt(_, long monotonicNanos, Object content) -> {
        cancel(self, type);
        Ref timer = self.startTimerAt(monotonicNanos, self.pid(), new Expiry(type));
        running.put(type, new Running(timer, content));
      }
    }
  }

  private void update(TimeoutType type, Object content) {
    Running timeout = running.get(type);
    if (timeout == null) {
      due.put(type, content); // keeps its place if it is there
    } else {
      running.put(type, new Running(timeout.timer(), content));
    }
  }

  void cancel(Context self, TimeoutType type) {
    if (!running.isEmpty()) {
      Running timeout = running.remove(type);
      if (timeout != null) {
        boolean _ = self.dropTimer(timeout.timer());
      }
    }
    if (!due.isEmpty()) {
      due.remove(type);
    }
  }

  static boolean isExpiry(Object message) {
    return message instanceof Timeout timeout && timeout.message() instanceof Expiry;
  }

  /** The event of a timer's message, or null if that timeout is no longer set. */
  <M> @Nullable Event<M> expired(Object message) {
    if (!(message instanceof Timeout(Ref timer, Expiry(TimeoutType type)))) {
      return null;
    }
    Running timeout = running.get(type);
    if (timeout == null || !timeout.timer().equals(timer)) {
      return null;
    }
    running.remove(type);
    return event(type, timeout.content());
  }

  /** The event of the timeout that was the first to be due, or null. */
  <M> @Nullable Event<M> poll() {
    Map.Entry<TimeoutType, Object> first = due.pollFirstEntry();
    return first == null ? null : event(first.getKey(), first.getValue());
  }

  private static <M> Event<M> event(TimeoutType type, Object content) {
    return switch (type) {
      case TimeoutType.OfEvent() -> new Event.EventTimeout<>(content);
      case TimeoutType.OfState() -> new Event.StateTimeout<>(content);
      case TimeoutType.Named(Object name) -> new Event.Timeout<>(name, content);
    };
  }

  Map<TimeoutType, Object> contents() {
    Map<TimeoutType, Object> all = new HashMap<>(due);
    running.forEach((type, timeout) -> all.put(type, timeout.content()));
    return Map.copyOf(all);
  }
}
