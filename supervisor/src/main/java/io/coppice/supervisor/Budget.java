package io.coppice.supervisor;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How many restarts a child may need by itself. A child with a budget of its own leaves the {@link
 * Supervisor#intensity} of its supervisor alone: its failures do not count there, nor do those of
 * its siblings here.
 *
 * <p>Each failure that leads to a restart counts when it happens, and so does each start that fails
 * (SU51); restarts for a sibling's sake and on request do not (SU32). One that would be the {@code
 * restartsMax + 1}st within the period is {@linkplain OverBudget one too many}. Immutable.
 *
 * <h2>What a parked child means</h2>
 *
 * <p>It is not running, and nobody tries to start it, but it keeps its place and its specification.
 * It comes back after {@link #parkFor(Duration) its time}, if it has one, or by {@link
 * SupervisorRef#restartChild(String)}; it is terminated and deleted like any child that is not
 * running. What has failed before still counts while it lies within the period, so one that fails
 * again soon after it came back is set aside again at once.
 *
 * <p>Its siblings live on under every strategy: to park a child is to say that the others can do
 * without it, so under {@code one_for_all} and {@code rest_for_one} the failure that parks it
 * restarts nobody, as the end of a temporary child does not (SU23). While it is parked a restart of
 * the group leaves it out, for it would only fail once more, and take the group along; when it
 * comes back it comes back alone, to siblings that have lived without it.
 *
 * @param restartsMax restarts allowed within the period, 0 or more
 * @param within the period, longer than zero
 * @param overflow what becomes of one too many; default {@link OverBudget#ESCALATE}
 * @param retryAfter how long a child is parked before it is tried again, longer than zero, or null:
 *     until somebody restarts it
 */
public record Budget(
    int restartsMax, Duration within, OverBudget overflow, @Nullable Duration retryAfter) {
  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if one of them is out of range, or there is a time to retry
   *     but no parking
   */
  public Budget {
    Objects.requireNonNull(within, "within");
    Objects.requireNonNull(overflow, "overflow");
    if (restartsMax < 0) {
      throw new IllegalArgumentException(
          "invalid_budget: " + restartsMax + " restarts, but the number cannot be negative");
    }
    if (!within.isPositive()) {
      throw new IllegalArgumentException(
          "invalid_budget: the period is " + within + ", but it must be longer than zero");
    }
    if (retryAfter != null && overflow != OverBudget.PARK) {
      throw new IllegalArgumentException(
          "invalid_budget: there is a time to retry, "
              + retryAfter
              + ", but a child that is not parked is not retried");
    }
    if (retryAfter != null && !retryAfter.isPositive()) {
      throw new IllegalArgumentException(
          "invalid_budget: the child is to be parked for "
              + retryAfter
              + ", but the time must be longer than zero");
    }
  }

  /**
   * A budget whose overflow makes the supervisor give up.
   *
   * @param restartsMax restarts allowed within the period, 0 or more
   * @param within the period, longer than zero
   * @return the budget
   * @throws IllegalArgumentException if one of them is out of range
   */
  public static Budget of(int restartsMax, Duration within) {
    return new Budget(restartsMax, within, OverBudget.ESCALATE, null);
  }

  /**
   * The same, but one too many parks the child until somebody restarts it.
   *
   * @return a changed copy
   */
  public Budget park() {
    return new Budget(restartsMax, within, OverBudget.PARK, null);
  }

  /**
   * The same, but one too many parks the child for a time.
   *
   * @param time after which it is started again, alone, longer than zero; if that start fails it is
   *     parked for as long again
   * @return a changed copy
   * @throws IllegalArgumentException if the time is not longer than zero
   */
  public Budget parkFor(Duration time) {
    return new Budget(restartsMax, within, OverBudget.PARK, Objects.requireNonNull(time, "time"));
  }
}
