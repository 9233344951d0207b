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
 * <p>The word is the real one; the virtual thread it belongs to is not there.
 *
 * <p>{@code mvn verify -Pverify-concurrency -pl kernel -am} runs the stress classes.
 */
final class RunnerWordStress {

  private RunnerWordStress() {}

  /** A runner whose process has just blocked. */
  static class Blocked {
    final RunnerWord word = new RunnerWord();
    final AtomicInteger enqueued = new AtomicInteger();

    Blocked() {
      word.mounted();
    }

    final void wake() {
      if (word.wake()) {
        enqueued.getAndIncrement();
      }
    }

    final void left() {
      if (!word.leave()) {
        enqueued.getAndIncrement();
      }
    }
  }

  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "Once.")
  @Outcome(expect = FORBIDDEN, desc = "Lost, or on two carriers at once.")
  @State
  public static class Resumed extends Blocked {
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

  /** The JDK submits it, needed or not, before or after somebody has resumed it. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "Once.")
  @Outcome(expect = FORBIDDEN, desc = "Lost, or on two carriers at once.")
  @State
  public static class ResumedTwice extends Blocked {
    @Actor
    public void carrier() {
      left();
    }

    @Actor
    public void others() {
      wake();
      wake();
    }

    @Arbiter
    public void count(I_Result result) {
      result.r1 = enqueued.get();
    }
  }

  /** The same while somebody resumes it: the carrier has left it. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "Once.")
  @Outcome(expect = FORBIDDEN, desc = "Lost, or on two carriers at once.")
  @State
  public static class TwoResume extends Blocked {
    public TwoResume() {
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

  /** The same: the first of them comes right before the carrier leaves it. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "Once.")
  @Outcome(expect = FORBIDDEN, desc = "Lost, or on two carriers at once.")
  @State
  public static class ResumedBefore extends Blocked {
    @Actor
    public void resumerAndCarrier() {
      wake();
      left();
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
  public static class QueuedForNothing extends Blocked {
    private final AtomicInteger phase = new AtomicInteger();

    public QueuedForNothing() {
      wake();
      word.leave(); // QUEUED
    }

    @Actor
    public void carrier(II_Result result) {
      word.mounted();
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

  /** For the lessons: a word of their own, which is treated badly. */
  static class BadWord {
    static final int MOUNTED = 0;
    static final int CAPTURED = 1;
    static final int RESUME_PENDING = 2;
    static final int QUEUED = 3;

    final AtomicInteger state = new AtomicInteger(MOUNTED);
    final AtomicInteger enqueued = new AtomicInteger();

    final boolean swap(int from, int to) {
      return state.compareAndSet(from, to);
    }

    final void enqueue() {
      state.set(QUEUED);
      enqueued.getAndIncrement();
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
  public static class WithoutNote extends BadWord {
    @Actor
    public void carrier() {
      if (!swap(MOUNTED, CAPTURED)) {
        enqueue();
      }
    }

    @Actor
    public void other() {
      if (swap(CAPTURED, QUEUED)) {
        enqueue();
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
  public static class LooksThenStores extends BadWord {
    @Actor
    public void carrier() {
      if (state.get() == MOUNTED) {
        state.set(CAPTURED);
      } else {
        enqueue();
      }
    }

    @Actor
    public void other() {
      if (!swap(MOUNTED, RESUME_PENDING) && swap(CAPTURED, QUEUED)) {
        enqueue();
      }
    }

    @Arbiter
    public void count(I_Result result) {
      result.r1 = enqueued.get();
    }
  }
}
