package io.coppice.kernel.process;

import java.lang.System.Logger.Level;

/**
 * Processes waited for each other in a ring, and one call was failed so that the others can go on
 * (features N5). Once for each ring. Level ERROR: the program must not do that.
 *
 * @param cycle the ring, with the process first whose call has failed
 */
public record CallCycleReport(ExitReason.CallCycle cycle) implements Report {
  @Override
  public Level level() {
    return Level.ERROR;
  }

  @Override
  public String text() {
    return "Call cycle: "
        + cycle.path()
        + ": each waits for the next, and none could have gone on; the call of "
        + cycle.ring().getFirst()
        + " has failed, which lets the others do so. Send a message in place of one of these calls,"
        + " or answer before calling";
  }
}
