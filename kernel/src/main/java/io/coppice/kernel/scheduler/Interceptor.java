package io.coppice.kernel.scheduler;

import io.coppice.kernel.cell.ProcessCell;
import io.coppice.kernel.cell.SimulatedWorld;
import io.coppice.kernel.process.ExitReason;
import org.jspecify.annotations.Nullable;

/** Who may look at, and meddle with, what happens in a simulation. Called by who has control. */
public interface Interceptor {
  /** Meddles with nothing. */
  Interceptor NONE =
      new Interceptor() {
        @Override
        public boolean holdsBack(
            @Nullable ProcessCell from, ProcessCell to, Object item, @Nullable Object message) {
          return false;
        }

        @Override
        public void beforeTurn(ProcessCell cell) {}

        @Override
        public void ended(ProcessCell cell, ExitReason reason) {}
      };

  /**
   * A message or signal is about to be put into a mailbox.
   *
   * @param from the process that sends it; null if none does
   * @param to the receiver
   * @param item what is to be delivered
   * @param message the message in it; null if it is a signal
   * @return true to hold it back: {@link SimulatedWorld#deliver} may deliver it later, {@link
   *     SimulatedWorld#forget} drops it
   */
  boolean holdsBack(
      @Nullable ProcessCell from, ProcessCell to, Object item, @Nullable Object message);

  /**
   * A process has been drawn to run next.
   *
   * @param cell the process
   */
  void beforeTurn(ProcessCell cell);

  /**
   * A process has ended.
   *
   * @param cell the process
   * @param reason why
   */
  void ended(ProcessCell cell, ExitReason reason);
}
