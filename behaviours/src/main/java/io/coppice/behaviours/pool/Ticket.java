package io.coppice.behaviours.pool;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Handoff;
import io.coppice.kernel.process.Processes;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A job that was given to a {@link WorkerPool}, for whoever wants to know what came of it. Any
 * thread may use it.
 *
 * @param <R> the result
 */
public final class Ticket<R> {
  private enum Phase {
    QUEUED,
    RUNNING,
    OVER
  }

  private final Processes node;
  private final Object job;
  private final long deadlineNanos; // on the node's clock
  private final boolean expires;
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.QUEUED);
  private final CompletableFuture<R> future = new CompletableFuture<>();
  private final Set<Handoff<Boolean>> waiting = ConcurrentHashMap.newKeySet();

  Ticket(Processes node, Object job, @Nullable Long deadlineNanos) {
    CompletionStage<?> _ =
        future.whenComplete((result, failure) -> waiting.forEach(place -> place.offer(true)));
    this.node = node;
    this.job = job;
    this.expires = deadlineNanos != null;
    this.deadlineNanos = deadlineNanos == null ? 0 : deadlineNanos;
  }

  // ---- by the pool

  Object job() {
    return job;
  }

  boolean isExpired() {
    return expires && node.monotonicNanos() - deadlineNanos >= 0;
  }

  /** False if it was cancelled. */
  boolean begin() {
    return phase.compareAndSet(Phase.QUEUED, Phase.RUNNING);
  }

  /** False if its outcome was known. */
  boolean succeed(R result) {
    phase.set(Phase.OVER);
    return future.complete(result);
  }

  /** False if its outcome was known. */
  boolean fail(JobFailed failure) {
    phase.set(Phase.OVER);
    return future.completeExceptionally(failure);
  }

  // ---- by who waits

  /**
   * Waits for the result.
   *
   * @return the result
   * @throws JobFailed if there is none
   */
  public R await() {
    return await(null).orElseThrow();
  }

  /**
   * Waits for the result for a while. The job goes on afterwards.
   *
   * @param timeout how long, zero or more, or null for ever
   * @return the result, or empty if it is not there in that time
   * @throws JobFailed if there is none
   */
  public Optional<R> await(@Nullable Duration timeout) {
    if (!future.isDone()) {
      Handoff<Boolean> place = node.handoff(this);
      waiting.add(place);
      try {
        if (!future.isDone()) { // after it was added: whoever completes it now, sees it there
          Optional<Boolean> _ = place.await(timeout);
        }
      } finally {
        waiting.remove(place);
      }
    }
    return future.isDone() ? Optional.of(result()) : Optional.empty();
  }

  private R result() {
    try {
      return Objects.requireNonNull(future.join());
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof JobFailed cause) {
        throw cause;
      }
      throw failed;
    }
  }

  /**
   * The result for what is to be done next. Dependents run on the worker's thread if they are there
   * before the result: they must be short, or use an executor.
   *
   * @return completed with the result, or exceptionally with {@link JobFailed}
   */
  public CompletionStage<R> stage() {
    return future.minimalCompletionStage();
  }

  /**
   * Takes the job back, if no worker has begun with it. It keeps its room in the queue until a
   * worker comes to it.
   *
   * @return true if it will not be run; the ticket then fails with {@code shutdown}
   */
  public boolean cancel() {
    return phase.compareAndSet(Phase.QUEUED, Phase.OVER)
        && fail(JobFailed.neverRun(job, "it was cancelled", ExitReason.SHUTDOWN));
  }

  @Override
  public String toString() {
    return "Ticket[" + job + ", " + phase.get().name().toLowerCase(Locale.ROOT) + "]";
  }
}
