package io.coppice.kernel.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The word of a seat: whose process runs on it. {@link #inTurnOpaque} belongs to any thread, {@link
 * #seize} to the monitor, the rest to the holder.
 *
 * @param <R> who holds seats
 */
final class SeatWord<R> {
  /*   null   -> runner  beginRelease: the holder, which runs a process next
   *   runner -> null    finish: the same, back from the process, or about to wait in the middle of it
   *   runner -> null    seize: the monitor, which has the seat then
   *
   * Null says that the holder itself runs (it looks for work), or that the seat is on its way. The last two are
   * CASes, so one of the two has the seat. What either has done with the scheduler before is seen by whoever
   * gets the seat next: the release here, or the permit of the runner that it is passed on to.
   */
  private static final VarHandle IN_TURN;

  static {
    try {
      IN_TURN = MethodHandles.lookup().findVarHandle(SeatWord.class, "inTurn", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // by IN_TURN
  private @Nullable Object inTurn;

  void beginRelease(R runner) {
    IN_TURN.setRelease(this, runner);
  }

  /** False if the seat was seized. */
  boolean finish(R runner) {
    return IN_TURN.compareAndSet(this, runner, null);
  }

  /** Takes the seat from whoever is in a turn on it; false if he is not, any more. */
  boolean seize(R runner) {
    return IN_TURN.compareAndSet(this, runner, null);
  }

  @SuppressWarnings("unchecked") // nothing else is written
  @Nullable R inTurnOpaque() {
    return (R) IN_TURN.getOpaque(this);
  }
}
