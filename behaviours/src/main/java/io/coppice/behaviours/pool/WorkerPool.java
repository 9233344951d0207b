package io.coppice.behaviours.pool;

import io.coppice.behaviours.channel.ChannelClosed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Handoff;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.supervisor.AutoShutdown;
import io.coppice.supervisor.ChildSpec;
import io.coppice.supervisor.Restart;
import io.coppice.supervisor.StartResult;
import io.coppice.supervisor.Supervisor;
import io.coppice.supervisor.SupervisorRef;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of supervised workers that take jobs from one bounded queue. Who submits to a full
 * queue waits: the pool pushes back instead of growing.
 *
 * <p>Every job that was accepted has an outcome: a result, or {@link JobFailed}, which says whether
 * a worker had begun with it. A worker that crashes takes only its own job with it, and is
 * restarted; if that happens too often the pool ends as any supervisor does, and what is in its
 * queue fails. {@link #drain} takes no more jobs, lets those in the queue be done, and ends the
 * pool normally.
 *
 * <p>A pool is a subtree: {@link #childSpec} puts it under a supervisor, {@link #start} starts it
 * on its own. One pool object is one pool: start it once, or under one supervisor. All methods may
 * be called by processes of the node and by threads from outside.
 *
 * {@snippet class="io.coppice.behaviours.pool.PoolSnippets" region="pool"}
 *
 * @param <J> the jobs, immutable objects
 * @param <R> their results
 */
public final class WorkerPool<J, R> {
  private static final Duration WITHIN = Duration.ofSeconds(5);

  private final String name;
  private final int workers;
  private final int room;
  private final int restartsMax;
  private final Duration within;
  private final Supplier<? extends Worker<J, R>> code;

  private final LongAdder done = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private volatile @Nullable Life<J, R> life;

  private record Life<J, R>(Processes node, Pid pid, Intake<J, R> intake) {}

  private WorkerPool(
      String name, int workers, int room, Limit limit, Supplier<? extends Worker<J, R>> code) {
    this.name = name;
    this.workers = workers;
    this.room = room;
    this.restartsMax = limit.restarts();
    this.within = limit.within();
    this.code = code;
  }

  private record Limit(int restarts, Duration within) {}

  /**
   * A pool with room for as many waiting jobs as there are workers, that ends when its workers
   * crash more often than each once in 5 seconds.
   *
   * @param <J> the jobs
   * @param <R> their results
   * @param name of the pool, for those who look: the ids of its processes begin with it
   * @param workers how many processes, 1 or more
   * @param code makes what one process does; called for each start
   * @return a pool that is not started
   * @throws IllegalArgumentException if the number is less than 1
   */
  public static <J, R> WorkerPool<J, R> of(
      String name, int workers, Supplier<? extends Worker<J, R>> code) {
    if (workers < 1) {
      throw new IllegalArgumentException(
          "The pool " + name + " needs 1 worker or more, not " + workers + ".");
    }
    Objects.requireNonNull(code, "code");
    return new WorkerPool<>(name, workers, workers, new Limit(workers, WITHIN), code);
  }

  /**
   * Changes how many jobs may wait.
   *
   * @param jobs zero or more; with zero each submission waits for a free worker
   * @return a changed copy, not started
   * @throws IllegalArgumentException if the number is negative
   */
  public WorkerPool<J, R> queue(int jobs) {
    if (jobs < 0) {
      throw new IllegalArgumentException(
          "The queue of the pool " + name + " has room for zero jobs or more, not " + jobs + ".");
    }
    return new WorkerPool<>(name, workers, jobs, new Limit(restartsMax, within), code);
  }

  /**
   * Changes how often workers may crash before the pool ends (SU30).
   *
   * @param restarts of all workers together, zero or more
   * @param time in that time, more than zero
   * @return a changed copy, not started; what is out of range is refused when the pool is started,
   *     or its {@link #childSpec} made
   */
  public WorkerPool<J, R> intensity(int restarts, Duration time) {
    return new WorkerPool<>(name, workers, room, new Limit(restarts, time), code);
  }

  // ---- starting

  /**
   * This pool as a child of a supervisor: transient, since a pool that was drained has ended well.
   *
   * @return the specification; its id is the pool's name
   */
  public ChildSpec childSpec() {
    return tree().childSpec(name).restart(Restart.TRANSIENT);
  }

  /**
   * Starts the pool on its own.
   *
   * @param processes a node, or the context of a process, which is then linked with it
   * @return its supervisor
   */
  public SupervisorRef start(Processes processes) {
    return tree().start(processes);
  }

  private Supervisor tree() {
    Supervisor crew =
        Supervisor.oneForOne()
            .intensity(restartsMax, within)
            .autoShutdown(AutoShutdown.ALL_SIGNIFICANT);
    for (int i = 1; i <= workers; i++) {
      crew = crew.child(worker(name + "-worker-" + i));
    }
    return Supervisor.restForOne()
        .autoShutdown(AutoShutdown.ANY_SIGNIFICANT)
        .child(ChildSpec.starting(name + "-intake", this::open))
        .child(crew.childSpec(name + "-workers").restart(Restart.TRANSIENT).significant(true));
  }

  private ChildSpec worker(String id) {
    SpawnOptions options = SpawnOptions.DEFAULT.link().initialCall(id);
    return ChildSpec.starting(
            id,
            supervisor -> {
              Life<J, R> now = life();
              return StartResult.ok(
                  supervisor.spawn(
                      self -> now.intake().work(self, now.pid(), code.get()), options));
            })
        .restart(Restart.TRANSIENT)
        .significant(true);
  }

  /** By the supervisor: a new life. */
  private StartResult open(Context supervisor) {
    Life<J, R> before = life;
    if (before != null) {
      before.intake().shut(ExitReason.KILLED); // it may not have come to it itself
    }
    Intake<J, R> intake = new Intake<>(supervisor.node(), this, room);
    Pid pid = supervisor.spawn(intake, SpawnOptions.DEFAULT.link().initialCall(name + "-intake"));
    life = new Life<>(supervisor.node(), pid, intake);
    return StartResult.ok(pid);
  }

  private Life<J, R> life() {
    Life<J, R> now = life;
    if (now == null) {
      throw new IllegalStateException(
          "The pool "
              + name
              + " has not been started: start it, or put its childSpec into a tree.");
    }
    return now;
  }

  // ---- jobs

  /**
   * Submits a job, and waits while the queue is full.
   *
   * @param job an immutable object
   * @return its ticket
   * @throws JobFailed if the pool takes no more jobs, or ends while the caller waits
   * @throws IllegalStateException if the pool has not been started
   */
  public Ticket<R> submit(J job) {
    return submit(job, null, null).orElseThrow();
  }

  /**
   * Submits a job, and waits for a while if the queue is full.
   *
   * @param job an immutable object
   * @param timeout how long, zero or more; with zero it does not wait at all
   * @return its ticket, or empty if there was no room in that time
   * @throws JobFailed as {@link #submit(Object)}
   */
  public Optional<Ticket<R>> submit(J job, Duration timeout) {
    return submit(job, Objects.requireNonNull(timeout, "timeout"), null);
  }

  private Optional<Ticket<R>> submit(J job, @Nullable Duration timeout, @Nullable Long deadline) {
    Objects.requireNonNull(job, "job");
    Life<J, R> now = life();
    Ticket<R> ticket = new Ticket<>(now.node(), job, deadline);
    try {
      return now.intake().accept(ticket, timeout) ? Optional.of(ticket) : Optional.empty();
    } catch (ChannelClosed closed) {
      throw JobFailed.neverRun(
          job, "the pool " + name + " takes no more jobs", ExitReason.SHUTDOWN);
    }
  }

  /**
   * Has a job done and waits for its result. When the time is over a job that is still in the queue
   * is not run any more: nobody waits for it.
   *
   * @param job an immutable object
   * @param timeout for all together, zero or more
   * @return the result
   * @throws JobFailed if there is none, with {@code timeout} if there is none in time
   */
  public R call(J job, Duration timeout) {
    Life<J, R> now = life();
    long deadline = now.node().monotonicNanos() + timeout.toNanos();
    Ticket<R> ticket =
        submit(job, timeout, deadline)
            .orElseThrow(
                () ->
                    JobFailed.neverRun(
                        job,
                        "the queue of " + name + " was full all the time",
                        ExitReason.TIMEOUT));
    long left = Math.max(0, deadline - now.node().monotonicNanos());
    Optional<R> result = ticket.await(Duration.ofNanos(left));
    if (result.isPresent()) {
      return result.get();
    }
    boolean unrun = ticket.cancel();
    throw new JobFailed(
        "The job " + job + (unrun ? " was not run" : " has no result") + " in " + timeout,
        ExitReason.TIMEOUT,
        !unrun);
  }

  // ---- the end

  /**
   * Takes no more jobs, and waits until those that were accepted are done; the pool then ends by
   * itself, normally.
   *
   * @param timeout how long to wait, zero or more, or null for ever
   * @return false if the time was over first, or the pool ended otherwise: it takes no more jobs
   *     all the same, and goes on with those it has
   */
  public boolean drain(@Nullable Duration timeout) {
    Life<J, R> now = life();
    now.intake().close();
    Handoff<Boolean> over = now.node().handoff(this);
    CompletionStage<?> _ = now.intake().drained.whenComplete((well, failure) -> over.offer(well));
    return over.await(timeout).orElse(false);
  }

  /**
   * What it has done, and does now.
   *
   * @return a snapshot
   */
  public PoolStats stats() {
    Life<J, R> now = life;
    int queued = now == null ? 0 : now.intake().queue.size();
    int running = now == null ? 0 : now.intake().running();
    return new PoolStats(queued, running, done.sum(), failed.sum(), dropped.sum());
  }

  @Override
  public String toString() {
    return "WorkerPool[" + name + ", " + workers + " workers, " + stats() + "]";
  }

  // ---- outcomes, by the intake and the workers

  void done(Intake<J, R> intake, Ticket<R> ticket, R result) {
    if (ticket.succeed(result)) {
      done.increment();
      intake.settled();
    }
  }

  void failed(Intake<J, R> intake, Ticket<R> ticket, Object worker, ExitReason reason) {
    if (ticket.fail(JobFailed.inWorker(ticket.job(), worker, reason))) {
      failed.increment();
      intake.settled();
    }
  }

  /** Once for each that comes out of the queue and is not run. */
  void drop(Intake<J, R> intake, Ticket<R> ticket, String why, ExitReason reason) {
    dropped.increment();
    boolean _ = ticket.fail(JobFailed.neverRun(ticket.job(), why, reason)); // it may be cancelled
    intake.settled();
  }
}
