package io.coppice.kernel.scheduler;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicBoolean;
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
 * <p>The queue and the {@link Sleepers} are the real ones. {@code sleep}, {@code stopSearching} and
 * {@code wakeOne} repeat the order of the steps in {@link Scheduler} and {@link SchedulerPool};
 * whoever changes that changes these. A thread that would park has {@code asleep} set, an unpark is
 * a permit.
 *
 * <p>The races are between two: a test of more actors than the machine has processors does not run.
 * Where three are concerned the steps of one of them come before or after those of another, in
 * either order; {@code BothGoToSleepOnThreeCpus} is for the larger machines.
 *
 * <p>{@code mvn verify -Pverify-concurrency -pl kernel -am} runs the stress classes.
 */
final class SleepersStress {

  private SleepersStress() {}

  /** One scheduler. */
  static final class Sleeping {
    final Sleepers.Sleeper word;
    final AtomicBoolean permit = new AtomicBoolean();
    boolean asleep;

    Sleeping(Sleepers all) {
      word = new Sleepers.Sleeper(all);
    }

    boolean isAwake() {
      return !asleep || permit.get();
    }
  }

  /** The pool. */
  static class Pool {
    final RunQueue queue = new RunQueue(4);
    final Sleepers sleepers = new Sleepers();
    final Sleeping first = new Sleeping(sleepers);
    final Sleeping second = new Sleeping(sleepers);
    boolean computes; // first has found an item, and is busy with it for long

    final void push(Object item) {
      queue.offer(item);
      wakeOne();
    }

    private void wakeOne() {
      while (sleepers.beginWake()) {
        if (tryWake(first) || tryWake(second)) {
          return;
        }
        if (!sleepers.nobodyWoken() || queue.size() == 0) {
          return;
        }
      }
    }

    private boolean tryWake(Sleeping sleeper) {
      boolean woken = sleeper.word.tryWake();
      if (woken) {
        sleeper.permit.set(true);
      }
      return woken;
    }

    /** From the end of the spinning to the park. */
    final void sleep(Sleeping sleeper) {
      stopSearching(sleeper);
      sleeper.word.park();
      if (queue.size() > 0) {
        sleeper.word.unparked();
      } else {
        sleeper.asleep = true;
      }
    }

    final void stopSearching(Sleeping sleeper) {
      if (sleeper.word.stopSearching() && queue.size() > 0) {
        wakeOne();
      }
    }

    /** The search of the first one, which may find something. */
    final void search() {
      computes = queue.poll() != null;
      if (computes) {
        stopSearching(first);
      } else {
        sleep(first);
      }
    }

    /** The state before the race: first was woken, and searches. */
    final void firstSearches() {
      first.word.park();
      sleepers.beginWake();
      first.word.tryWake();
      first.word.unparked();
    }

    /** The state before the race: second sleeps. */
    final void secondSleeps() {
      second.word.park();
      second.asleep = true;
    }

    final void look(LL_Result result) {
      boolean awake = second.isAwake() || (!computes && first.isAwake());
      result.r1 = queue.size();
      result.r2 = awake ? "awake" : computes ? "busy" : "asleep";
    }
  }

  /** Both go to sleep, first the one that searched in vain. */
  @JCStressTest
  @Outcome(id = "1, awake", expect = ACCEPTABLE, desc = "One of them will take it.")
  @Outcome(expect = FORBIDDEN, desc = "The item waits and everybody sleeps.")
  @State
  public static class SearcherSleepsFirst extends Pool {
    public SearcherSleepsFirst() {
      firstSearches();
    }

    @Actor
    public void sleepers() {
      sleep(first);
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

  /** Both go to sleep, at last the one that searched in vain. */
  @JCStressTest
  @Outcome(id = "1, awake", expect = ACCEPTABLE, desc = "One of them will take it.")
  @Outcome(expect = FORBIDDEN, desc = "The item waits and everybody sleeps.")
  @State
  public static class SearcherSleepsLast extends Pool {
    public SearcherSleepsLast() {
      firstSearches();
    }

    @Actor
    public void sleepers() {
      sleep(second);
      sleep(first);
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

  /** Both go to sleep; an item comes from the thread of one of them, just before. */
  @JCStressTest
  @Outcome(id = "1, awake", expect = ACCEPTABLE, desc = "One of them will take it.")
  @Outcome(expect = FORBIDDEN, desc = "The item waits and everybody sleeps.")
  @State
  public static class PushedBySleeper extends Pool {
    public PushedBySleeper() {
      firstSearches();
    }

    @Actor
    public void searcher() {
      sleep(first);
    }

    @Actor
    public void other() {
      push("item");
      sleep(second);
    }

    @Arbiter
    public void end(LL_Result result) {
      look(result);
    }
  }

  /** The same; it comes from the one that searched. */
  @JCStressTest
  @Outcome(id = "1, awake", expect = ACCEPTABLE, desc = "One of them will take it.")
  @Outcome(expect = FORBIDDEN, desc = "The item waits and everybody sleeps.")
  @State
  public static class PushedBySearcher extends Pool {
    public PushedBySearcher() {
      firstSearches();
    }

    @Actor
    public void searcher() {
      push("item");
      sleep(first);
    }

    @Actor
    public void other() {
      sleep(second);
    }

    @Arbiter
    public void end(LL_Result result) {
      look(result);
    }
  }

  /** Both go to sleep, one after a vain search; all in any order. */
  @JCStressTest
  @Outcome(id = "1, awake", expect = ACCEPTABLE, desc = "One of them will take it.")
  @Outcome(expect = FORBIDDEN, desc = "The item waits and everybody sleeps.")
  @State
  public static class BothGoToSleepOnThreeCpus extends Pool {
    public BothGoToSleepOnThreeCpus() {
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
      search();
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

  /** The same; the first item came before the search. */
  @JCStressTest
  @Outcome(id = "1, awake", expect = ACCEPTABLE, desc = "The sleeper will take the other item.")
  @Outcome(id = "2, awake", expect = ACCEPTABLE, desc = "The look was in vain; it looks again.")
  @Outcome(expect = FORBIDDEN, desc = "An item waits and somebody sleeps.")
  @State
  public static class SearcherFindsEarlier extends Pool {
    public SearcherFindsEarlier() {
      firstSearches();
      secondSleeps();
      push("one");
    }

    @Actor
    public void searcher() {
      search();
    }

    @Actor
    public void pusher() {
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
        first.word.park();
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
        first.word.stopSearching();
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
