package io.coppice.kernel.process;

import java.lang.System.Logger.Level;

/**
 * Something an operator should know: a crash, a restart, a long turn. Data first, text at the edge.
 *
 * <p>Implementations are immutable records. A node hands every report to its {@link Reporter}.
 */
public interface Report {
  /**
   * How serious it is.
   *
   * @return the level it is logged at
   */
  Level level();

  /**
   * The report for a tired human: a first line that says it all, details on further lines.
   *
   * @return the text
   */
  String text();
}
