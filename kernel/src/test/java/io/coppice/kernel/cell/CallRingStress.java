package io.coppice.kernel.cell;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.coppice.kernel.process.WaitReason;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Processes that close a ring of calls at the same time; see {@link CallRing}. */
final class CallRingStress {
  private CallRingStress() {}

  /** A process that waits on no stack. */
  private static final class Caller {
    final ProcessCell cell;
    CallRequest.@Nullable ByProcess request;

    Caller(long number) {
      cell = Cells.running(number);
      cell.setHostRelease(new NoHost());
    }

    void asks(Caller other) {
      CallRequest.ByProcess call = new CallRequest.ByProcess("question", cell, WaitReason.CALL);
      call.isFor(other.cell);
      request = call;
    }

    /** As in WaitingCell.await. */
    void waits() {
      CallRequest.ByProcess call = Objects.requireNonNull(request);
      cell.setLentFor(call); // publishes it
      if (cell.tryWait(StateWord.AWAITING) == StateWord.Leave.LEFT) {
        CallRing.closedBy(cell, call);
      }
    }

    boolean hasFailed() {
      return request != null && request.isSettled();
    }
  }

  private static final class NoHost extends Host {
    @Override
    public Thread thread() {
      return Thread.currentThread();
    }

    @Override
    protected void suspend(ProcessCell cell) {}

    @Override
    protected void resume(ProcessCell cell) {}

    @Override
    protected boolean sliceUsed() {
      return false;
    }

    @Override
    protected @Nullable Object leaveThread() {
      return null;
    }

    @Override
    protected void discard() {}

    @Override
    protected boolean blocksOutside() {
      return false;
    }
  }

  @JCStressTest
  @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "The first call fails.")
  @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "The second call fails.")
  @Outcome(id = "false, false", expect = FORBIDDEN, desc = "Nobody has seen the ring.")
  @Outcome(id = "true, true", expect = FORBIDDEN, desc = "It was broken twice.")
  @State
  public static class Two {
    private final Caller first = new Caller(1);
    private final Caller second = new Caller(2);

    public Two() {
      first.asks(second);
      second.asks(first);
    }

    @Actor
    public void first() {
      first.waits();
    }

    @Actor
    public void second() {
      second.waits();
    }

    @Arbiter
    public void result(ZZ_Result result) {
      result.r1 = first.hasFailed();
      result.r2 = second.hasFailed();
    }
  }

  /** One leaves its answer to others before it waits: nobody may fail. */
  @JCStressTest
  @Outcome(id = "false, false", expect = ACCEPTABLE, desc = "No alarm.")
  @Outcome(expect = FORBIDDEN, desc = "A false alarm.")
  @State
  public static class Deferred {
    private final Caller first = new Caller(1);
    private final Caller second = new Caller(2);

    public Deferred() {
      first.asks(second);
      second.asks(first);
    }

    @Actor
    public void first() {
      first.waits();
    }

    @Actor
    public void second() {
      CallRequest.ByProcess held = Objects.requireNonNull(first.request);
      held.defer();
      second.waits();
    }

    @Arbiter
    public void result(ZZ_Result result) {
      result.r1 = first.hasFailed();
      result.r2 = second.hasFailed();
    }
  }
}
