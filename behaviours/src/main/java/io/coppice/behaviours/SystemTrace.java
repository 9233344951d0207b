package io.coppice.behaviours;

import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Report;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * Something a behaviour did while its {@linkplain Sys#trace trace} was on, or that its {@linkplain
 * Sys#printLog log} has kept (semantics SY9, SY10). Level INFO.
 *
 * @param pid the process
 * @param name its registered name, or null
 * @param event what it did
 */
public record SystemTrace(Pid pid, @Nullable String name, SystemEvent event) implements Report {
  @Override
  public Level level() {
    return Level.INFO;
  }

  /** One line, for instance {@code counter <5> got Add[amount=2] from <3>}. */
  @Override
  public String text() {
    StringBuilder out = new StringBuilder();
    if (name != null) {
      out.append(name).append(' ');
    }
    out.append(pid);
    switch (event.kind()) {
      case IN -> out.append(" got ").append(event.what()).append(other(" from "));
      case OUT -> out.append(" sent ").append(event.what()).append(other(" to "));
    }
    return out.toString();
  }

  private String other(String preposition) {
    return event.other() == null ? "" : preposition + event.other();
  }
}
