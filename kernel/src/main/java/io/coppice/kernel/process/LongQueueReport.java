package io.coppice.kernel.process;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * Many messages wait for a process, or no longer (P85). Level WARNING when the high mark is
 * reached, INFO when the queue has come down to the low mark; once for each time.
 *
 * @param pid the process
 * @param name its registered name, or null
 * @param label its label, or null
 * @param initialCall what it was started as
 * @param length messages that wait
 * @param marks which marks
 * @param above whether the high mark was reached, and not the low one
 */
public record LongQueueReport(
    Pid pid,
    @Nullable String name,
    @Nullable Object label,
    String initialCall,
    long length,
    Watermarks marks,
    boolean above)
    implements Report {
  @Override
  public Level level() {
    return above ? Level.WARNING : Level.INFO;
  }

  @Override
  public String text() {
    StringBuilder out = new StringBuilder("Process ").append(pid);
    if (name != null) {
      out.append(" '").append(name).append('\'');
    }
    out.append(" (").append(initialCall);
    if (label != null) {
      out.append(", ").append(CrashText.value(label));
    }
    out.append(above ? ") has a long queue: " : ") has a short queue again: ").append(length);
    out.append(length == 1 ? " message waits, " : " messages wait, ");
    if (above) {
      out.append(marks.high())
          .append(" are many; they come faster than it handles them, or it")
          .append(" waits for something, or its selective receive leaves them");
    } else {
      out.append(marks.low()).append(" are few");
    }
    return out.toString();
  }
}
