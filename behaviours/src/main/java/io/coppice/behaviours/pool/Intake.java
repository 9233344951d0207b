package io.coppice.behaviours.pool;

import io.coppice.behaviours.channel.Channel;
import io.coppice.behaviours.channel.ChannelClosed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessExit;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Reactive;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The queue of one life of a pool, and the process that answers for it: whatever becomes of the
 * workers, every job that was accepted has an outcome.
 */
final class Intake<J, R> implements Reactive {
  /*
   * A job is in one place at a time: in the queue, or in the desk of the worker that has taken it. A
   * worker puts it on its desk before the next kernel operation, so before it can be told to die, and
   * gives it an outcome in any case but one: if its process was cut off because it did not end. For that
   * this process monitors the workers, and fails what it finds on the desk of one that is down.
   *
   * This process ends last (the workers come after it in the tree, rest_for_one), and fails what is left
   * in the queue. If it was killed itself, the next life of the pool does it (WorkerPool.open).
   *
   * `outstanding` counts the jobs that were accepted and have no outcome: up before the send, down by
   * whoever gives the outcome. Drained means closed and none outstanding, which is looked at after either.
   */
  final Channel<Ticket<R>> queue;
  final CompletableFuture<Boolean> drained = new CompletableFuture<>();
  private final AtomicInteger outstanding = new AtomicInteger();
  private final WorkerPool<J, R> pool;
  private final Map<Pid, Desk<R>> desks = new ConcurrentHashMap<>();

  /** What a worker works at: written by it, read by the intake after its end. */
  static final class Desk<R> {
    volatile @Nullable Ticket<R> ticket;
  }

  /** A worker has started. */
  private record Hired<R>(Pid worker, Desk<R> desk) {}

  Intake(Processes node, WorkerPool<J, R> pool, int room) {
    this.queue = Channel.bounded(node, room);
    this.pool = pool;
  }

  // ---- its process

  @Override
  public void onStart(Context self) {
    self.trapExit(true);
  }

  @Override
  @SuppressWarnings("unchecked") // its own workers
  public void onMessage(Context self, Object message) {
    switch (message) {
      case Hired<?> hired -> {
        desks.put(hired.worker(), (Desk<R>) hired.desk());
        self.monitor(hired.worker());
      }
      case Down down -> {
        Desk<R> desk = desks.remove((Pid) down.target());
        if (desk != null && desk.ticket != null) {
          pool.failed(this, Objects.requireNonNull(desk.ticket), down.target(), down.reason());
        }
      }
      case Exit exit -> {
        shut(exit.reason());
        self.stop(exit.reason());
      }
      default -> {} // nobody else knows it
    }
  }

  // ---- any thread

  boolean accept(Ticket<R> ticket, @Nullable Duration timeout) {
    outstanding.incrementAndGet();
    boolean accepted = false;
    try {
      if (timeout == null) {
        queue.send(ticket);
        accepted = true;
      } else {
        accepted = timeout.isZero() ? queue.trySend(ticket) : queue.send(ticket, timeout);
      }
    } finally {
      if (!accepted) {
        settled();
      }
    }
    return accepted;
  }

  /** A job has its outcome, or was not accepted. */
  void settled() {
    outstanding.decrementAndGet();
    lookWhetherDrained();
  }

  /** No more jobs. */
  void close() {
    queue.close();
    lookWhetherDrained();
  }

  private void lookWhetherDrained() {
    if (outstanding.get() == 0 && queue.isClosed()) {
      drained.complete(true);
    }
  }

  int running() {
    return (int) desks.values().stream().filter(desk -> desk.ticket != null).count();
  }

  /** No more jobs, and those that wait are not run. */
  void shut(ExitReason reason) {
    queue.close(JobFailed.neverRun(null, "the pool has ended", reason));
    drained.complete(outstanding.get() == 0); // nobody is about to settle: the workers have ended
    desks.forEach(
        (worker, desk) -> {
          Ticket<R> ticket = desk.ticket;
          if (ticket != null) { // its worker was cut off, and its Down is behind what ends us
            pool.failed(this, ticket, worker, reason);
          }
        });
    try {
      for (Optional<Ticket<R>> left = queue.tryReceive();
          left.isPresent();
          left = queue.tryReceive()) {
        pool.drop(this, left.get(), "the pool has ended", reason);
      }
    } catch (ChannelClosed empty) {
      // as it should be
    }
  }

  // ---- a worker's process

  @SuppressWarnings("unchecked") // what WorkerPool.submit was given
  void work(Context self, Pid intake, Worker<J, R> worker) throws Exception {
    Desk<R> desk = new Desk<>();
    self.send(intake, new Hired<>(self.pid(), desk));
    worker.onStart(self);
    for (Ticket<R> ticket = next(); ticket != null; ticket = next()) {
      desk.ticket = ticket;
      run(self, worker, ticket, (J) ticket.job());
      desk.ticket = null;
    }
  }

  /**
   * Null if all has been done. A job may use channels, too: only this one's end is the worker's.
   */
  private @Nullable Ticket<R> next() {
    try {
      return queue.receive();
    } catch (ChannelClosed end) {
      return null;
    }
  }

  private void run(Context self, Worker<J, R> worker, Ticket<R> ticket, J job) throws Exception {
    if (ticket.isExpired()) {
      pool.drop(this, ticket, "its time was over before a worker was free", ExitReason.TIMEOUT);
      return;
    }
    if (!ticket.begin()) {
      pool.drop(this, ticket, "it was cancelled", ExitReason.SHUTDOWN);
      return;
    }
    try {
      R result = worker.work(self, job);
      pool.done(this, ticket, Objects.requireNonNull(result, "A worker's result may not be null."));
    } catch (ProcessExit exit) {
      pool.failed(this, ticket, self.pid(), exit.reason());
      throw exit;
    } catch (Throwable thrown) {
      pool.failed(this, ticket, self.pid(), new ExitReason.Crashed(thrown));
      throw thrown;
    }
  }
}
