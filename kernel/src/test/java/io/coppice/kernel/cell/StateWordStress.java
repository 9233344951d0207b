package io.coppice.kernel.cell;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.coppice.kernel.cell.StateWord.Notify;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * A sender publishes and then notifies, while the owner looks into its queue and then leaves. The
 * results are whether the owner saw the message, how its leaving ended, and what the sender is to
 * do.
 *
 * <p>{@code mvn verify -Pverify-concurrency -pl kernel -am} runs the stress classes.
 */
final class StateWordStress {

  private StateWordStress() {}

  /** A process and its queue, which is a flag: a store without a fence, as in the ring. */
  static class Cell extends StateWord {
    private static final VarHandle MESSAGE;

    static {
      try {
        MESSAGE = MethodHandles.lookup().findVarHandle(Cell.class, "message", boolean.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    @SuppressWarnings("unused") // by MESSAGE
    private boolean message;

    /** As Mailbox.offer does: a release store, and a full fence. */
    final void publish() {
      MESSAGE.setRelease(this, true);
      VarHandle.fullFence();
    }

    final boolean sees() {
      return (boolean) MESSAGE.getAcquire(this);
    }

    /** As WaitingCell.fill does. */
    final boolean drain() {
      takeToken();
      boolean seen = sees();
      releaseToken();
      return seen;
    }

    final void run() {
      beginTurn();
      releaseToken();
    }
  }

  /** A process that runs, and has been notified of something before. */
  static class Notified extends Cell {
    Notified() {
      run();
      notifyMessage();
    }
  }

  @JCStressTest
  @Outcome(id = "true, LEFT, (NOTHING|SCHEDULE)", expect = ACCEPTABLE, desc = "It was seen.")
  @Outcome(id = "(true|false), NOTIFIED, NOTHING", expect = ACCEPTABLE, desc = "Looks again.")
  @Outcome(id = "false, LEFT, SCHEDULE", expect = ACCEPTABLE, desc = "The sender enqueues it.")
  @Outcome(id = "false, LEFT, NOTHING", expect = FORBIDDEN, desc = "The wake-up is lost.")
  @Outcome(expect = FORBIDDEN, desc = "Enqueued while it runs.")
  @State
  public static class GoingIdle extends Notified {
    @Actor
    public void owner(LLL_Result result) {
      result.r1 = drain();
      result.r2 = tryIdle();
    }

    @Actor
    public void sender(LLL_Result result) {
      publish();
      result.r3 = notifyMessage();
    }
  }

  /** The same, when the sender may find the process still SCHEDULED. */
  @JCStressTest
  @Outcome(id = "true, LEFT, (NOTHING|SCHEDULE)", expect = ACCEPTABLE, desc = "It was seen.")
  @Outcome(id = "(true|false), NOTIFIED, NOTHING", expect = ACCEPTABLE, desc = "Looks again.")
  @Outcome(id = "false, LEFT, SCHEDULE", expect = ACCEPTABLE, desc = "The sender enqueues it.")
  @Outcome(expect = FORBIDDEN, desc = "The wake-up is lost, or it is enqueued while it runs.")
  @State
  public static class OneTurn extends Cell {
    @Actor
    public void owner(LLL_Result result) {
      beginTurn();
      result.r1 = sees();
      releaseToken();
      result.r2 = tryIdle();
    }

    @Actor
    public void sender(LLL_Result result) {
      publish();
      result.r3 = notifyMessage();
    }
  }

  @JCStressTest
  @Outcome(id = "true, LEFT, (NOTHING|RESUME)", expect = ACCEPTABLE, desc = "It was seen.")
  @Outcome(id = "(true|false), NOTIFIED, NOTHING", expect = ACCEPTABLE, desc = "Looks again.")
  @Outcome(id = "false, LEFT, RESUME", expect = ACCEPTABLE, desc = "The sender resumes it.")
  @Outcome(expect = FORBIDDEN, desc = "The wake-up is lost, or it is resumed while it runs.")
  @State
  public static class GoingToWait extends Notified {
    @Actor
    public void owner(LLL_Result result) {
      result.r1 = drain();
      result.r2 = tryWait(WAITING);
    }

    @Actor
    public void sender(LLL_Result result) {
      publish();
      result.r3 = notifyMessage();
    }
  }

  /** A captured host runs again, looks, and waits again. */
  @JCStressTest
  @Outcome(id = "true, LEFT, (NOTHING|RESUME)", expect = ACCEPTABLE, desc = "It was seen.")
  @Outcome(id = "(true|false), NOTIFIED, NOTHING", expect = ACCEPTABLE, desc = "Looks again.")
  @Outcome(id = "false, LEFT, RESUME", expect = ACCEPTABLE, desc = "The sender resumes it.")
  @Outcome(expect = FORBIDDEN, desc = "The wake-up is lost, or it is resumed while it runs.")
  @State
  public static class Resumed extends Cell {
    @Actor
    public void owner(LLL_Result result) {
      resumed();
      result.r1 = drain();
      result.r2 = tryWait(WAITING);
    }

    @Actor
    public void sender(LLL_Result result) {
      publish();
      result.r3 = notifyMessage();
    }
  }

  /** What a process awaits happens: an answer that does not pass its queue. */
  @JCStressTest
  @Outcome(id = "true, LEFT, (NOTHING|RESUME)", expect = ACCEPTABLE, desc = "It was seen.")
  @Outcome(id = "(true|false), NOTIFIED, NOTHING", expect = ACCEPTABLE, desc = "Looks again.")
  @Outcome(id = "false, LEFT, RESUME", expect = ACCEPTABLE, desc = "The other resumes it.")
  @Outcome(expect = FORBIDDEN, desc = "The wake-up is lost, or it is resumed while it runs.")
  @State
  public static class Awaiting extends Notified {
    private final CallRequest request = new CallRequest.ByThread("question");

    @Actor
    public void owner(LLL_Result result) {
      clearNotified();
      result.r1 = request.isSettled();
      result.r2 = tryWait(AWAITING);
    }

    @Actor
    public void server(LLL_Result result) {
      request.reply("answer");
      result.r3 = wake();
    }
  }

  /**
   * The owner ends by itself while the fencer ends it: one of them does, and the other knows. The
   * results are what the owner and the fencer were told.
   */
  @JCStressTest
  @Outcome(id = "SIGNAL, false", expect = ACCEPTABLE, desc = "The owner.")
  @Outcome(id = "FENCED, true", expect = ACCEPTABLE, desc = "The fencer.")
  @Outcome(expect = FORBIDDEN, desc = "Ended twice, or not at all.")
  @State
  public static class OneEnd extends Cell {
    public OneEnd() {
      run();
      setDying(false);
    }

    @Actor
    public void owner(LL_Result result) {
      result.r1 = beginExit();
    }

    @Actor
    public void fencer(LL_Result result) {
      result.r2 = fence(false);
    }
  }

  /** The lesson: a sender without the fence reads the old word before its message is visible. */
  @JCStressTest
  @Outcome(id = "true, LEFT, (NOTHING|SCHEDULE)", expect = ACCEPTABLE, desc = "It was seen.")
  @Outcome(id = "(true|false), NOTIFIED, NOTHING", expect = ACCEPTABLE, desc = "Looks again.")
  @Outcome(id = "false, LEFT, SCHEDULE", expect = ACCEPTABLE, desc = "The sender enqueues it.")
  @Outcome(
      id = "false, LEFT, NOTHING",
      expect = ACCEPTABLE_INTERESTING,
      desc = "The wake-up is lost: the process sleeps and its message waits.")
  @Outcome(expect = FORBIDDEN, desc = "Enqueued while it runs.")
  @State
  public static class WithoutFence extends Notified {
    @Actor
    public void owner(LLL_Result result) {
      result.r1 = drain();
      result.r2 = tryIdle();
    }

    @Actor
    public void sender(LLL_Result result) {
      publish();
      int s = stateAcquire();
      boolean marked = (s & PHASE) == RUNNING && (s & NOTIFIED) != 0;
      result.r3 = marked ? Notify.NOTHING : notifyMessage();
    }
  }

  /** The lesson: an owner that looks before it takes note of what it is about to look at. */
  @JCStressTest
  @Outcome(id = "true, LEFT, (NOTHING|SCHEDULE)", expect = ACCEPTABLE, desc = "It was seen.")
  @Outcome(id = "(true|false), NOTIFIED, NOTHING", expect = ACCEPTABLE, desc = "Looks again.")
  @Outcome(id = "false, LEFT, SCHEDULE", expect = ACCEPTABLE, desc = "The sender enqueues it.")
  @Outcome(
      id = "false, LEFT, NOTHING",
      expect = ACCEPTABLE_INTERESTING,
      desc = "The note of the message was cleared after the look: the wake-up is lost.")
  @Outcome(expect = FORBIDDEN, desc = "Enqueued while it runs.")
  @State
  public static class ClearedAfterLook extends Notified {
    @Actor
    public void owner(LLL_Result result) {
      result.r1 = sees();
      clearNotified();
      result.r2 = tryIdle();
    }

    @Actor
    public void sender(LLL_Result result) {
      publish();
      result.r3 = notifyMessage();
    }
  }
}
