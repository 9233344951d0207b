package io.coppice.bench.latency;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Calls at a fixed rate for some time, while loops compute or not. The calls are made by the thread
 * that runs the phase, which belongs to no contender: it waits for no answer, so it falls behind
 * for no reason but the machine.
 *
 * @param name what the report calls it
 * @param rate calls a second
 * @param seconds how long
 * @param hogs loops that compute meanwhile
 */
record Phase(String name, int rate, int seconds, int hogs) {
  /**
   * What was seen.
   *
   * @param phase the phase
   * @param calls what came of its calls
   * @param catchUpNanos from the end of the phase to the last answer that came
   * @param running loops that were told to end and have not
   * @param extraMost the most extra threads at a time, if the contender has such
   * @param extraUntilNanos when there was one for the last time, from the start of the phase
   */
  record Result(
      Phase phase,
      Calls.Outcome calls,
      long catchUpNanos,
      long running,
      OptionalInt extraMost,
      long extraUntilNanos) {}

  /** Threads that were seen in place of stuck ones. */
  private static final class Extra {
    OptionalInt most = OptionalInt.empty();
    long untilNanos;

    void look(Contender contender, long sinceStart) {
      OptionalInt now = contender.extraThreads();
      if (now.isPresent()) {
        most = OptionalInt.of(Math.max(most.orElse(0), now.getAsInt()));
        untilNanos = now.getAsInt() > 0 ? sinceStart : untilNanos;
      }
    }
  }

  /** Loops as they are by mistake: without any call that looks up. But these can be ended. */
  private static final class Hogs implements Runnable {
    final CountDownLatch running;
    volatile boolean stop;

    Hogs(int count) {
      running = new CountDownLatch(count);
    }

    @Override
    @SuppressWarnings("EmptyLoop")
    public void run() {
      while (!stop) {
        // computes
      }
      running.countDown();
    }
  }

  /**
   * Runs it to its end.
   *
   * @param contender whom
   * @param patience how long the loops may take to end, and what they held up to be answered
   */
  Result run(Contender contender, Duration patience) throws InterruptedException {
    Hogs loops = new Hogs(hogs);
    Extra extra = new Extra();
    long start = System.nanoTime();
    Calls calls = new Calls(rate, seconds, start);
    try {
      contender.hogs(hogs, loops);
      for (int call = 0; call < calls.count(); call++) {
        await(calls.dueNanos(call));
        calls.made(call, System.nanoTime());
        contender.call(new Contender.Due(calls, call));
        extra.look(contender, System.nanoTime() - start);
      }
      await(calls.endNanos());
      extra.look(contender, System.nanoTime() - start);
    } finally {
      loops.stop = true;
    }
    boolean ended = loops.running.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    long limit = System.nanoTime() + patience.toNanos();
    while (ended && !calls.allAnswered() && System.nanoTime() < limit) {
      LockSupport.parkNanos(100_000);
    }
    long now = System.nanoTime();
    return new Result(
        this,
        calls.outcome(now),
        now - calls.endNanos(),
        loops.running.getCount(),
        extra.most,
        extra.untilNanos);
  }

  private static void await(long nanos) throws InterruptedException {
    long left;
    while ((left = nanos - System.nanoTime()) > 0) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }
}
