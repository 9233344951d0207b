package io.coppice.kernel.cell;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.coppice.kernel.cell.StateWord.Notify;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * Signals reach a process that does not look into its queue any more, because its code computes
 * (P16). The result is the number of signals handled, each by whoever had the token.
 *
 * <p>The word is the real one. The queue is a counter, and what {@link InboundCell} and {@link
 * WaitingCell} do with the token is told again in a few lines.
 *
 * <p>The races are between two: a test of more actors than the machine has processors does not run.
 * Where three are concerned two of them take turns, or one has begun before; the tests named {@code
 * OnThreeCpus} are for the larger machines.
 *
 * <p>{@code mvn verify -Pverify-concurrency -pl kernel -am} runs the stress classes.
 */
final class SignalStress {

  private SignalStress() {}

  /** A process in phase RUNNING. */
  static class Busy extends StateWord {
    private final AtomicInteger queued = new AtomicInteger();
    private int handled; // guarded by the token

    Busy() {
      beginTurn();
      releaseToken();
    }

    final int handled() {
      return handled;
    }

    final Notify send() {
      addSignalsPending(1);
      queued.getAndIncrement();
      return notifySignal();
    }

    final boolean drain() {
      int taken = queued.getAcquire() - handled;
      handled += taken;
      addSignalsPending(-taken);
      return taken > 0;
    }

    final void sendAndHelp() {
      if (send() == Notify.HELP && tryTakeTokenToHelp()) {
        help();
      }
    }

    /** With the token. */
    final void help() {
      boolean again = true;
      while (again) {
        drain();
        again = releaseTokenNotified() && tryTakeTokenToHelp();
      }
    }

    final void fill() {
      do {
        takeToken();
        drain();
      } while (releaseToken());
    }

    final void end() {
      beginExit();
      drain();
      markDead();
      drainGone();
    }

    final void sendToTheDying() {
      if (send() == Notify.GONE) {
        drainGone();
      }
    }

    final void drainGone() {
      while (queued.getAcquire() > 0 && tryTakeTokenOfGone()) {
        boolean none = !drain();
        boolean signalled = releaseToken();
        if (none && !signalled) {
          return;
        }
      }
    }
  }

  /** The owner takes a batch and computes, while two signals come. */
  @JCStressTest
  @Outcome(id = "2", expect = ACCEPTABLE, desc = "All.")
  @Outcome(expect = FORBIDDEN, desc = "A signal was left to nobody.")
  @State
  public static class OwnerDrains extends Busy {
    @Actor
    public void owner() {
      fill();
    }

    @Actor
    public void senders() {
      sendAndHelp();
      sendAndHelp();
    }

    @Arbiter
    public void count(I_Result result) {
      result.r1 = handled();
    }
  }

  /** The same; the second signal comes from where the owner was. */
  @JCStressTest
  @Outcome(id = "2", expect = ACCEPTABLE, desc = "All.")
  @Outcome(expect = FORBIDDEN, desc = "A signal was left to nobody.")
  @State
  public static class OwnerDrainsFirst extends Busy {
    @Actor
    public void ownerAndSender() {
      fill();
      sendAndHelp();
    }

    @Actor
    public void otherSender() {
      sendAndHelp();
    }

    @Arbiter
    public void count(I_Result result) {
      result.r1 = handled();
    }
  }

  /** The same; the owner looks after one of them. */
  @JCStressTest
  @Outcome(id = "2", expect = ACCEPTABLE, desc = "All.")
  @Outcome(expect = FORBIDDEN, desc = "A signal was left to nobody.")
  @State
  public static class OwnerDrainsLast extends Busy {
    @Actor
    public void senderAndOwner() {
      sendAndHelp();
      fill();
    }

    @Actor
    public void otherSender() {
      sendAndHelp();
    }

    @Arbiter
    public void count(I_Result result) {
      result.r1 = handled();
    }
  }

  /** A helper has the token when the owner takes a batch and a second signal comes. */
  @JCStressTest
  @Outcome(id = "2", expect = ACCEPTABLE, desc = "All.")
  @Outcome(expect = FORBIDDEN, desc = "A signal was left to nobody.")
  @State
  public static class HelperWasFirst extends Busy {
    public HelperWasFirst() {
      send();
      tryTakeTokenToHelp();
    }

    @Actor
    public void helper() {
      help();
    }

    @Actor
    public void senderAndOwner() {
      sendAndHelp();
      fill();
    }

    @Arbiter
    public void count(I_Result result) {
      result.r1 = handled();
    }
  }

  /** All of them in any order. */
  @JCStressTest
  @Outcome(id = "2", expect = ACCEPTABLE, desc = "All.")
  @Outcome(expect = FORBIDDEN, desc = "A signal was left to nobody.")
  @State
  public static class OwnerDrainsOnThreeCpus extends Busy {
    @Actor
    public void owner() {
      fill();
    }

    @Actor
    public void sender() {
      sendAndHelp();
    }

    @Actor
    public void otherSender() {
      sendAndHelp();
    }

    @Arbiter
    public void count(I_Result result) {
      result.r1 = handled();
    }
  }

  /** The owner links or monitors, for which it needs the token but not the queue, and computes. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "It was handled.")
  @Outcome(expect = FORBIDDEN, desc = "The signal was left to nobody.")
  @State
  public static class OwnerOperates extends Busy {
    @Actor
    public void owner() {
      if (signalsPendingVolatile() > 0) {
        fill();
      }
      takeToken();
      if (releaseToken()) {
        fill();
      }
    }

    @Actor
    public void sender() {
      sendAndHelp();
    }

    @Arbiter
    public void count(I_Result result) {
      result.r1 = handled();
    }
  }

  /** Nobody but the senders is there. */
  @JCStressTest
  @Outcome(id = "3", expect = ACCEPTABLE, desc = "All.")
  @Outcome(expect = FORBIDDEN, desc = "A signal was left to nobody.")
  @State
  public static class OwnerComputes extends Busy {
    @Actor
    public void first() {
      sendAndHelp();
      sendAndHelp();
    }

    @Actor
    public void second() {
      sendAndHelp();
    }

    @Arbiter
    public void count(I_Result result) {
      result.r1 = handled();
    }
  }

  /**
   * A signal waits behind a message that is on its way in, while the process begins to await an
   * answer. The results are whether the owner got at the signal, how its leaving ended, and what
   * the sender of the message is to do.
   */
  @JCStressTest
  @Outcome(id = "true, LEFT, (NOTHING|HELP|RESUME)", expect = ACCEPTABLE, desc = "It was seen.")
  @Outcome(id = "(true|false), NOTIFIED, HELP", expect = ACCEPTABLE, desc = "Both look again.")
  @Outcome(id = "true, NOTIFIED, NOTHING", expect = ACCEPTABLE, desc = "Looks again for nothing.")
  @Outcome(id = "false, LEFT, (HELP|RESUME)", expect = ACCEPTABLE, desc = "The sender does it.")
  @Outcome(expect = FORBIDDEN, desc = "The signal was left to nobody.")
  @State
  public static class BehindMessage extends Busy {
    private final AtomicInteger filled = new AtomicInteger();

    public BehindMessage() {
      addSignalsPending(1);
    }

    @Actor
    public void owner(LLL_Result result) {
      clearNotified();
      boolean seen;
      do {
        takeToken();
        seen = filled.getAcquire() == 1;
      } while (releaseToken());
      if (seen) {
        addSignalsPending(-1);
      }
      result.r1 = seen;
      result.r2 = tryWait(AWAITING);
    }

    @Actor
    public void sender(LLL_Result result) {
      filled.setRelease(1);
      VarHandle.fullFence(); // as Mailbox.offer
      result.r3 = notifyMessage();
    }
  }

  /** The lesson: a sender that finds the token taken goes away without a word. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "It was handled.")
  @Outcome(
      id = "0",
      expect = ACCEPTABLE_INTERESTING,
      desc = "The owner took the token between the sender's two steps, and did not look.")
  @Outcome(expect = FORBIDDEN, desc = "Handled twice.")
  @State
  public static class WithoutAWord extends Busy {
    @Actor
    public void owner() {
      if (signalsPendingVolatile() > 0) {
        fill();
      }
      takeToken();
      if (releaseToken()) {
        fill();
      }
    }

    @Actor
    public void sender() {
      if (send() == Notify.HELP && (stateAcquire() & TOKEN) == 0 && tryTakeTokenToHelp()) {
        drain();
        releaseTokenNotified();
      }
    }

    @Arbiter
    public void count(I_Result result) {
      result.r1 = handled();
    }
  }

  /** The lesson: a helper that gives the token back and does not look again. */
  @JCStressTest
  @Outcome(id = "2", expect = ACCEPTABLE, desc = "Both.")
  @Outcome(
      id = "1",
      expect = ACCEPTABLE_INTERESTING,
      desc = "One came while the other held the token, behind its look.")
  @Outcome(expect = FORBIDDEN, desc = "None, or twice.")
  @State
  public static class HelpedOnce extends Busy {
    @Actor
    public void first() {
      sendAndHelpOnce();
    }

    @Actor
    public void second() {
      sendAndHelpOnce();
    }

    private void sendAndHelpOnce() {
      if (send() == Notify.HELP && tryTakeTokenToHelp()) {
        drain();
        releaseTokenNotified();
      }
    }

    @Arbiter
    public void count(I_Result result) {
      result.r1 = handled();
    }
  }
}
