package io.coppice.kernel.scheduler;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * Schedulers go to sleep while items come. The results are how many items are left in the queue,
 * and whether somebody is awake to take them.
 *
 * <p>The queue is the real one. The rest is a model: {@code sleep}, {@code tryWake}, {@code
 * stopSearching} and {@code wakeOne} repeat {@link Scheduler} and {@link SchedulerPool}; whoever
 * changes those changes these. A thread that would park has {@code asleep} set, an unpark is a
 * permit.
 *
 * <p>{@code mvn verify -Pverify-concurrency -pl kernel -am} runs the stress classes.
 */
final class SleepersStress {

  private SleepersStress() {}

  /** One scheduler. */
  static final class Sleeper {
    final AtomicBoolean parked = new AtomicBoolean();
    final AtomicBoolean permit = new AtomicBoolean();
    boolean asleep;
    boolean searching;

    boolean isAwake() {
      return !asleep || permit.get();
    }
  }

  /** The pool. */
  static class Pool {
    final RunQueue queue = new RunQueue(4);
    final Sleeper first = new Sleeper();
    final Sleeper second = new Sleeper();
    final AtomicInteger parkedCount = new AtomicInteger();
    final AtomicInteger searchingCount = new AtomicInteger();
    boolean computes; // first has found an item, and is busy with it for long

    final void push(Object item) {
      queue.offer(item);
      wakeOne();
    }

    final void wakeOne() {
      VarHandle.fullFence();
      if (parkedCount.getOpaque() == 0 || searchingCount.getOpaque() != 0) {
        return;
      }
      if (!tryWake(first)) {
        tryWake(second);
      }
    }

    private boolean tryWake(Sleeper sleeper) {
      if (sleeper.parked.getOpaque() && sleeper.parked.compareAndSet(true, false)) {
        parkedCount.getAndDecrement();
        searchingCount.getAndIncrement();
        sleeper.permit.set(true);
        return true;
      }
      return false;
    }

    /** From the end of the spinning to the park. */
    final void sleep(Sleeper sleeper) {
      stopSearching(sleeper);
      sleeper.parked.set(true);
      parkedCount.getAndIncrement();
      if (queue.size() > 0) {
        unparkSelf(sleeper);
      } else {
        sleeper.asleep = true;
      }
    }

    private void unparkSelf(Sleeper sleeper) {
      if (sleeper.parked.compareAndSet(true, false)) {
        parkedCount.getAndDecrement();
      } else {
        sleeper.searching = true;
      }
    }

    final void stopSearching(Sleeper sleeper) {
      if (sleeper.searching) {
        sleeper.searching = false;
        if (searchingCount.decrementAndGet() == 0 && queue.size() > 0) {
          wakeOne();
        }
      }
    }

    /** The state before the race: first searches. */
    final void firstSearches() {
      first.searching = true;
      searchingCount.set(1);
    }

    /** The state before the race: second sleeps. */
    final void secondSleeps() {
      second.parked.set(true);
      second.asleep = true;
      parkedCount.set(1);
    }

    final void look(LL_Result result) {
      boolean awake = second.isAwake() || (!computes && first.isAwake());
      result.r1 = queue.size();
      result.r2 = awake ? "awake" : computes ? "busy" : "asleep";
    }
  }

  /** Both go to sleep, one after a vain search. */
  @JCStressTest
  @Outcome(id = "1, awake", expect = ACCEPTABLE, desc = "One of them will take it.")
  @Outcome(expect = FORBIDDEN, desc = "The item waits and everybody sleeps.")
  @State
  public static class BothGoToSleep extends Pool {
    public BothGoToSleep() {
      firstSearches();
    }

    @Actor
    public void searcher() {
      sleep(first);
    }

    @Actor
    public void other() {
      sleep(second);
    }

    @Actor
    public void pusher() {
      push("item");
    }

    @Arbiter
    public void end(LL_Result result) {
      look(result);
    }
  }

  /** One searches, finds the first item and computes; the other sleeps. */
  @JCStressTest
  @Outcome(id = "1, awake", expect = ACCEPTABLE, desc = "The sleeper will take the other item.")
  @Outcome(id = "2, awake", expect = ACCEPTABLE, desc = "The look was in vain; it looks again.")
  @Outcome(expect = FORBIDDEN, desc = "An item waits and somebody sleeps.")
  @State
  public static class SearcherFinds extends Pool {
    public SearcherFinds() {
      firstSearches();
      secondSleeps();
    }

    @Actor
    public void searcher() {
      computes = queue.poll() != null;
      if (computes) {
        stopSearching(first);
      } else {
        sleep(first);
      }
    }

    @Actor
    public void pusher() {
      push("one");
    }

    @Actor
    public void otherPusher() {
      push("two");
    }

    @Arbiter
    public void end(LL_Result result) {
      look(result);
    }
  }

  /** The lesson: to look into the queue first and to say that one sleeps afterwards. */
  @JCStressTest
  @Outcome(id = "1, awake", expect = ACCEPTABLE, desc = "It will take it.")
  @Outcome(
      id = "1, asleep",
      expect = ACCEPTABLE_INTERESTING,
      desc = "The item came between the look and the sleep.")
  @Outcome(expect = FORBIDDEN, desc = "The item is lost.")
  @State
  public static class LooksTooEarly extends Pool {
    public LooksTooEarly() {
      second.asleep = true; // takes no part
    }

    @Actor
    public void sleeper() {
      if (queue.size() == 0) {
        first.parked.set(true);
        parkedCount.getAndIncrement();
        first.asleep = true;
      }
    }

    @Actor
    public void pusher() {
      push("item");
    }

    @Arbiter
    public void end(LL_Result result) {
      look(result);
    }
  }

  /** The lesson: the last one that searched does not look whether it leaves something behind. */
  @JCStressTest
  @Outcome(id = "[12], awake", expect = ACCEPTABLE, desc = "Somebody will take it.")
  @Outcome(
      id = "1, busy",
      expect = ACCEPTABLE_INTERESTING,
      desc = "The pusher relied on a search that was over; an item waits and one sleeps.")
  @Outcome(expect = FORBIDDEN, desc = "An item is lost, or everybody sleeps.")
  @State
  public static class SearchEndsSilently extends Pool {
    public SearchEndsSilently() {
      firstSearches();
      secondSleeps();
    }

    @Actor
    public void searcher() {
      computes = queue.poll() != null;
      if (computes) {
        searchingCount.decrementAndGet();
      } else {
        sleep(first);
      }
    }

    @Actor
    public void pusher() {
      push("one");
      push("two");
    }

    @Arbiter
    public void end(LL_Result result) {
      look(result);
    }
  }
}
