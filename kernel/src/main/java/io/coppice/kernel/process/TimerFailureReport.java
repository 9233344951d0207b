package io.coppice.kernel.process;

import java.lang.System.Logger.Level;

/**
 * A timer of the kernel threw when it fired. Level ERROR: this is a defect of the kernel; other
 * timers are not affected.
 *
 * @param timer which
 * @param error what it threw
 */
public record TimerFailureReport(String timer, Throwable error) implements Report {
  @Override
  public Level level() {
    return Level.ERROR;
  }

  @Override
  public String text() {
    StringBuilder out = new StringBuilder();
    out.append("Timer ").append(timer).append(" threw when it fired; other timers go on\n");
    out.append(CrashText.stackTrace(error));
    return out.toString().stripTrailing();
  }
}
