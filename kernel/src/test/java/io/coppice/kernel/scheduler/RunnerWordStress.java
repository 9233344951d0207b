package io.coppice.kernel.scheduler;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The handshake between the carrier, which sees a runner unmount, and whoever resumes it meanwhile.
 * The result is how often the runner was enqueued.
 *
 * <p>A model: {@link Runner} cannot be mounted without a virtual thread and a scheduler. {@code
 * wake} and {@code left} repeat the transitions of {@code Runner.wake} and of the end of {@code
 * Runner.mount}; whoever changes those changes these.
 *
 * <p>{@code mvn verify -Pverify-concurrency -pl kernel -am} runs the stress classes.
 */
final class RunnerWordStress {

  private static final int MOUNTED = 0;
  private static final int CAPTURED = 1;
  private static final int RESUME_PENDING = 2;
  private static final int QUEUED = 3;

  private RunnerWordStress() {}

  /** A runner whose process has just blocked. */
  static class Word {
    final AtomicInteger state = new AtomicInteger(MOUNTED);
    final AtomicInteger enqueued = new AtomicInteger();

    final void wake() {
      while (true) {
        switch (state.get()) {
          case CAPTURED -> {
            if (state.compareAndSet(CAPTURED, QUEUED)) {
              enqueued.getAndIncrement();
              return;
            }
          }
          case MOUNTED -> {
            if (state.compareAndSet(MOUNTED, RESUME_PENDING)) {
              return;
            }
          }
          default -> {
            return;
          }
        }
      }
    }

    final void left() {
      if (!state.compareAndSet(MOUNTED, CAPTURED)) {
        state.setRelease(QUEUED);
        enqueued.getAndIncrement();
      }
    }
  }

  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "Once.")
  @Outcome(expect = FORBIDDEN, desc = "Lost, or on two carriers at once.")
  @State
  public static class Resumed extends Word {
    @Actor
    public void carrier() {
      left();
    }

    @Actor
    public void other() {
      wake();
    }

    @Arbiter
    public void count(I_Result result) {
      result.r1 = enqueued.get();
    }
  }

  /** The JDK submits it, needed or not, while somebody resumes it. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "Once.")
  @Outcome(expect = FORBIDDEN, desc = "Lost, or on two carriers at once.")
  @State
  public static class ResumedTwice extends Word {
    @Actor
    public void carrier() {
      left();
    }

    @Actor
    public void resumer() {
      wake();
    }

    @Actor
    public void stray() {
      wake();
    }

    @Arbiter
    public void count(I_Result result) {
      result.r1 = enqueued.get();
    }
  }

  /**
   * A runner was queued for nothing and is mounted again, while its process is resumed in truth.
   * The results are whether the mounted runner saw that, and how often it was enqueued afterwards.
   */
  @JCStressTest
  @Outcome(id = "1, [01]", expect = ACCEPTABLE, desc = "It saw that it may go on.")
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "It waits, and is enqueued again.")
  @Outcome(expect = FORBIDDEN, desc = "It waits for ever, or is on two carriers at once.")
  @State
  public static class QueuedForNothing extends Word {
    private final AtomicInteger phase = new AtomicInteger();

    public QueuedForNothing() {
      state.set(QUEUED);
    }

    @Actor
    public void carrier(II_Result result) {
      state.set(MOUNTED);
      result.r1 = phase.getAcquire(); // mayGoOn
      left(); // if it may, it blocks elsewhere next
    }

    @Actor
    public void resumer() {
      phase.compareAndSet(0, 1);
      wake();
    }

    @Arbiter
    public void count(II_Result result) {
      result.r2 = enqueued.get();
    }
  }

  /** The lesson: who finds the runner mounted leaves it to the carrier, without a note. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "Once.")
  @Outcome(
      id = "0",
      expect = ACCEPTABLE_INTERESTING,
      desc = "It was still mounted: the resumption is lost and the process hangs.")
  @Outcome(expect = FORBIDDEN, desc = "On two carriers at once.")
  @State
  public static class WithoutNote extends Word {
    @Actor
    public void carrier() {
      left();
    }

    @Actor
    public void other() {
      if (state.compareAndSet(CAPTURED, QUEUED)) {
        enqueued.getAndIncrement();
      }
    }

    @Arbiter
    public void count(I_Result result) {
      result.r1 = enqueued.get();
    }
  }

  /** The lesson: a carrier that looks and then stores. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "Once.")
  @Outcome(
      id = "0",
      expect = ACCEPTABLE_INTERESTING,
      desc = "The note was overwritten: the resumption is lost and the process hangs.")
  @Outcome(expect = FORBIDDEN, desc = "On two carriers at once.")
  @State
  public static class LooksThenStores extends Word {
    @Actor
    public void carrier() {
      if (state.get() == MOUNTED) {
        state.set(CAPTURED);
      } else {
        state.set(QUEUED);
        enqueued.getAndIncrement();
      }
    }

    @Actor
    public void other() {
      wake();
    }

    @Arbiter
    public void count(I_Result result) {
      result.r1 = enqueued.get();
    }
  }
}
