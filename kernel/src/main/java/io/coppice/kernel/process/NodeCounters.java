package io.coppice.kernel.process;

import java.util.Map;

/**
 * What a node has counted since it was started. Taken without stopping anybody: the numbers may be
 * from slightly different moments.
 *
 * @param spawned processes that were spawned
 * @param ended processes that have ended
 * @param endedAbnormally those of them whose reason was not {@linkplain ExitReason#isClean() clean}
 * @param zombies processes that were declared dead and whose code runs now
 * @param refusedToZombies operations that the code of such processes tried, sends and replies among
 *     them, and that were refused, so far
 * @param undelivered messages that reached nobody, by reason; every reason is in it
 * @param signalsToTheDead links, monitors, exits and the like for processes that had ended
 * @param reportsLost reports whose {@link Reporter} threw, and failures of code that waited for an
 *     answer
 * @param callCycles processes that would have waited for each other for ever, and were kept from it
 *     ({@link CallCycleReport}), so many times
 */
public record NodeCounters(
    long spawned,
    long ended,
    long endedAbnormally,
    long zombies,
    long refusedToZombies,
    Map<Undelivered, Long> undelivered,
    long signalsToTheDead,
    long reportsLost,
    long callCycles) {
  /** Copies the map. */
  public NodeCounters {
    undelivered = Map.copyOf(undelivered);
  }

  /**
   * The messages that reached nobody for one reason.
   *
   * @param reason why
   * @return how many, 0 or more
   */
  public long undelivered(Undelivered reason) {
    return undelivered.getOrDefault(reason, 0L);
  }

  /**
   * The requests that were dropped unrun, since nobody waited for their answers any more ({@link
   * Deadlines#DROP}).
   *
   * @return how many, 0 or more
   */
  public long expired() {
    return undelivered(Undelivered.EXPIRED);
  }
}
