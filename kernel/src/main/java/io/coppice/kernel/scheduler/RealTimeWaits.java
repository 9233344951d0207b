package io.coppice.kernel.scheduler;

import io.coppice.kernel.cell.Host;
import io.coppice.kernel.cell.ProcessCell;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** What must not happen in a simulation: real time, and other rules broken. Any thread. */
final class RealTimeWaits {
  private final Queue<RealTimeWait> all = new ConcurrentLinkedQueue<>();
  private final Queue<String> brokenRules = new ConcurrentLinkedQueue<>();
  private volatile boolean tolerant;

  /** From now on nothing is recorded. */
  void tolerate() {
    tolerant = true;
    all.clear();
    brokenRules.clear();
  }

  /** By the carrier: a process has blocked outside of the kernel. */
  void checkBlocked(MountedRunner runner, ProcessCell cell) {
    if (!tolerant) {
      RealTimeWait wait = RealTimeWait.of(runner, cell);
      if (wait != null) {
        all.add(wait);
      }
    }
  }

  /** Records that the calling thread acts on a process, if that is wrong. */
  void checkForeign(boolean wrong) {
    if (wrong && !tolerant) {
      all.add(RealTimeWait.foreign());
    }
  }

  /** By the thread outside: a process keeps the carrier while its thread waits. */
  void checkPinned(Host host) {
    if (!tolerant && all.isEmpty()) {
      all.add(RealTimeWait.pinned(host));
    }
  }

  /** Records a rule of the simulation that was broken, in words. */
  void addBrokenRule(String what) {
    if (!tolerant) {
      brokenRules.add(what);
    }
  }

  List<String> brokenRules() {
    return List.copyOf(brokenRules);
  }

  /** How the drive ends because of it: null if nothing has happened. */
  @Nullable End end() {
    if (!all.isEmpty()) {
      return End.REAL_TIME;
    }
    return brokenRules.isEmpty() ? null : End.RULE_BROKEN;
  }

  List<RealTimeWait> all() {
    return List.copyOf(all);
  }
}
