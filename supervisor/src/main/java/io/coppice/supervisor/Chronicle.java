package io.coppice.supervisor;

import io.coppice.kernel.process.ExitReason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The failures that a supervisor remembers: the last of each child, and the last of all children,
 * those that are gone included.
 *
 * <p>There is a bound for each child and one for all together, so that 100 000 dynamic children
 * that fail again and again cost no more than the bound (SU93): beyond it the oldest failure of all
 * is forgotten. Nothing is kept for a child that has never failed.
 */
final class Chronicle {
  static final int EACH = 20;
  private static final int ALL = 4_096;

  /** A failure, as it is known so far. */
  static final class Entry {
    private Failure what;
    private final Troubles owner;
    private boolean forgotten; // by its child

    private Entry(Failure what, Troubles owner) {
      this.what = what;
      this.owner = owner;
    }

    Failure what() {
      return what;
    }

    /** By its child: there are newer ones. */
    void forget() {
      forgotten = true;
    }

    void runsAgain(long nowNanos) {
      what = what.runsAgain(nowNanos);
    }
  }

  private final Deque<Entry> all = new ArrayDeque<>(0); // oldest first
  private volatile @Nullable Failure latest; // others may look

  /**
   * Enters a failure, about which nothing is decided yet.
   *
   * @param handling the class of the message it was at, or null
   * @param livedNanos how long it has lived; negative if it could not be started
   */
  Entry enter(
      Child child, ExitReason reason, @Nullable String handling, long livedNanos, long nowNanos) {
    Troubles troubles = child.troubles();
    String cause = reason.toString();
    Entry before = troubles.latest();
    Failure failure =
        new Failure(
            child.spec().id(),
            child.lastPid(),
            nowNanos,
            before != null && before.what.cause().equals(cause) ? before.what.cause() : cause,
            handling,
            livedNanos < 0 ? null : Duration.ofNanos(livedNanos),
            Verdict.RESTARTED,
            Duration.ZERO,
            null);
    Entry entry = new Entry(failure, troubles);
    troubles.add(entry);
    all.addLast(entry);
    while (all.size() > EACH && all.getFirst().forgotten) {
      all.removeFirst();
    }
    if (all.size() > ALL) {
      Entry oldest = all.removeFirst();
      if (!oldest.forgotten) {
        oldest.owner.forgetOldest();
      }
    }
    latest = failure;
    return entry;
  }

  /** What is done about it. */
  Decision decided(Entry entry, Verdict verdict, long delayNanos) {
    if (verdict != entry.what.verdict() || delayNanos > 0) {
      entry.what = entry.what.decided(verdict, Duration.ofNanos(delayNanos));
      latest = entry.what;
    }
    return new Decision.Note(entry.what);
  }

  /** The last of all children, oldest first. */
  List<Failure> last() {
    return all.stream().skip(Math.max(0, all.size() - EACH)).map(Entry::what).toList();
  }

  /** The last of all in words, or nothing; any thread. */
  String summary() {
    Failure last = latest;
    return last == null ? "" : "\nlast failure: " + last.child() + ' ' + last;
  }
}
