package io.coppice.supervisor;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** What is remembered of the failures of one child. A child that has never failed has none. */
final class Troubles {
  private final Deque<Chronicle.Entry> last = new ArrayDeque<>(1); // oldest first
  private int inARow; // failures since it has lived for long enough
  private @Nullable RestartWindow spent;

  // ---- its history

  void add(Chronicle.Entry entry) {
    last.addLast(entry);
    if (last.size() > Chronicle.EACH) {
      last.removeFirst().forget();
    }
  }

  void forgetOldest() {
    last.removeFirst();
  }

  Chronicle.@Nullable Entry latest() {
    return last.peekLast();
  }

  /** It has been started again. */
  void runsAgain(long nowNanos) {
    Chronicle.Entry latest = latest();
    if (latest != null && latest.what().down() == null) {
      latest.runsAgain(nowNanos);
    }
  }

  /** Oldest first. */
  List<Failure> history() {
    return last.stream().map(Chronicle.Entry::what).toList();
  }

  // ---- its recovery

  /** Enters a failure after so long a life; negative if it could not be started. */
  void failed(Recovery recovery, long livedNanos) {
    Backoff backoff = recovery.backoff();
    if (backoff != null && livedNanos >= Times.saturatedNanos(backoff.resetAfter())) {
      inARow = 0;
    }
    inARow++; // too slow ever to overflow
  }

  /** How long to wait after the failure entered last; zero without a back-off. */
  long delayNanos(Recovery recovery, DoubleSupplier chance) {
    Backoff backoff = recovery.backoff();
    if (backoff == null) {
      return 0;
    }
    return backoff.delayNanos(inARow, backoff.jitter() == 0 ? 0 : chance.getAsDouble());
  }

  /** Counts a restart that is wanted now; whether it is one too many. */
  boolean exceeds(Budget budget, long nowNanos) {
    long period = Times.saturatedNanos(budget.within());
    RestartWindow window = spent;
    if (window == null) {
      window = new RestartWindow(budget.restartsMax(), period);
      spent = window;
    } else {
      window.limit(budget.restartsMax(), period);
    }
    return window.exceededBy(nowNanos);
  }
}
