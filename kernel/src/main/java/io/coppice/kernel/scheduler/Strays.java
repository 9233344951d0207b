package io.coppice.kernel.scheduler;

import io.coppice.kernel.cell.ProcessCell;
import io.coppice.kernel.process.LongTurnReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Finds processes that keep a carrier of the JDK's while they hold no seat.
 *
 * <p>Threads: the monitor, except for what is said to be shared.
 */
final class Strays {
  /* No counter tells that such a runner computes, and there may be a million of them, nearly all of which wait.
   * So at each pulse some are looked at, one after another; who is found on a carrier in the middle of a process
   * is a suspect, and looked at again at every pulse from then on. A suspect that has gone on (resumptions), or
   * has left its carrier at the moment of a look, is none any more. Who stays for as long as makes a scheduler
   * stuck is a hog: for each of them the JDK has one carrier more.
   *
   * That a virtual thread is on a carrier shows in its text only ("…]/runnable@ForkJoinPool-1-worker-1"). A JDK
   * that writes it differently has no hogs here: nothing is reported, and no carrier is added.
   */
  private static final int LOOKS = 256; // per pulse
  private static final int PINNED_LOOKS = 8; // of those, at threads that wait
  private static final int SUSPECTS_MAX = 1_024;

  private final SchedulerConfig config;
  private final Set<SeatedRunner> all = ConcurrentHashMap.newKeySet(); // shared
  private final List<Suspect> suspects = new ArrayList<>();
  private @Nullable Iterator<SeatedRunner> scan;
  private int roundsLeft; // until all have been looked at since something went on
  private final AtomicInteger added = new AtomicInteger(); // carriers of the JDK's: shared

  // ---- shared
  private volatile List<Suspect> hogs = List.of(); // the longest first
  private final Set<SeatedRunner> left = ConcurrentHashMap.newKeySet(); // hogs when it was stopped

  /** A runner that was seen on a carrier, in the middle of a process. */
  private static final class Suspect {
    final SeatedRunner runner;
    final ProcessCell cell;
    final int resumptions;
    final long sinceNanos;
    boolean reported;

    Suspect(SeatedRunner runner, ProcessCell cell, int resumptions, long sinceNanos) {
      this.runner = runner;
      this.cell = cell;
      this.resumptions = resumptions;
      this.sinceNanos = sinceNanos;
    }

    boolean isGone() {
      return runner.resumptionsOpaque() != resumptions
          || runner.current() != cell
          || !isOnCarrier(runner.thread());
    }
  }

  Strays(SchedulerConfig config) {
    this.config = config;
  }

  /** Shared. */
  void add(SeatedRunner runner) {
    all.add(runner);
  }

  /** Shared. */
  void remove(SeatedRunner runner) {
    all.remove(runner);
    if (left.remove(runner)) {
      JdkCarriers.change(-1);
    }
  }

  /** Its seat was taken away because of a long turn. */
  void addHog(
      SeatedRunner runner, ProcessCell cell, int resumptions, long since, boolean reported) {
    Suspect suspect = new Suspect(runner, cell, resumptions, since);
    suspect.reported = reported;
    suspects.removeIf(other -> other.runner == runner);
    suspects.add(suspect);
    count(since + config.stuckNanos());
  }

  /** Once per pulse. */
  void watch(long now) {
    suspects.removeIf(Suspect::isGone);
    for (Suspect suspect : suspects) {
      if (!suspect.reported && now - suspect.sinceNanos >= config.reportNanos()) {
        suspect.reported = true;
        report(suspect, now);
      }
    }
    lookForMore(now);
    count(now);
  }

  private void count(long now) {
    if (suspects.isEmpty() && hogs.isEmpty()) {
      return;
    }
    hogs =
        suspects.stream()
            .filter(suspect -> now - suspect.sinceNanos >= config.stuckNanos())
            .sorted(Comparator.comparingLong(suspect -> suspect.sinceNanos - now))
            .toList();
    addCarriers(Math.min(hogs.size(), config.extraSchedulersMax()));
  }

  private void addCarriers(int wanted) {
    int before = added.getAndSet(wanted);
    if (before != wanted) {
      JdkCarriers.change(wanted - before);
    }
  }

  private void lookForMore(long now) {
    int pinnedLooks = PINNED_LOOKS;
    Iterator<SeatedRunner> more = scan == null ? all.iterator() : scan;
    for (int i = 0; i < LOOKS && more.hasNext() && suspects.size() < SUSPECTS_MAX; i++) {
      SeatedRunner runner = more.next();
      ProcessCell cell = runner.current();
      if (cell == null || !cell.isInItsCode() || runner.isInTurnOnSeat()) {
        continue;
      }
      int resumptions = runner.resumptionsOpaque();
      if (runner.blocksOutside() && --pinnedLooks < 0) {
        continue;
      }
      if (isOnCarrier(runner.thread()) && !isKnown(runner)) {
        suspects.add(new Suspect(runner, cell, resumptions, now));
      }
    }
    if (more.hasNext()) {
      scan = more;
    } else {
      scan = null;
      roundsLeft = Math.max(0, roundsLeft - 1);
    }
  }

  /** A runner has gone on, which may be any: also one that this round has passed. */
  void somethingWentOn() {
    roundsLeft = 2;
  }

  boolean hasLookedAtAll() {
    return roundsLeft == 0;
  }

  private boolean isKnown(SeatedRunner runner) {
    for (Suspect suspect : suspects) {
      if (suspect.runner == runner) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOnCarrier(Thread thread) {
    String text = thread.toString();
    return text.indexOf('@', text.lastIndexOf("]/") + 1) >= 0;
  }

  private void report(Suspect suspect, long now) {
    List<StackTraceElement> stack = List.of(suspect.runner.thread().getStackTrace());
    config.reporter().report(new LongTurnReport(suspect.cell, now - suspect.sinceNanos, stack));
  }

  boolean isEmpty() {
    return suspects.isEmpty();
  }

  // ---- shared

  /** Whether there are runners that run no process. */
  boolean hasIdle() {
    for (SeatedRunner runner : all) {
      if (runner.current() == null) {
        return true;
      }
    }
    return false;
  }

  int hogs() {
    return hogs.size();
  }

  List<ProcessCell> longestFirst() {
    return hogs.stream().map(suspect -> suspect.cell).toList();
  }

  long sinceNanos(Object cell) {
    for (Suspect hog : hogs) {
      if (hog.cell == cell) {
        return hog.sinceNanos;
      }
    }
    return Long.MIN_VALUE;
  }

  /** The pool has been stopped: a carrier that was added for a hog stays until that ends. */
  void stop() {
    int kept = 0;
    for (Suspect hog : hogs) {
      if (kept < added.get() && all.contains(hog.runner)) {
        left.add(hog.runner);
        kept++;
        if (!all.contains(hog.runner)) { // it has ended meanwhile
          remove(hog.runner);
        }
      }
    }
    addCarriers(kept);
  }
}
