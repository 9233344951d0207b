package io.coppice.kernel.process;

/** Where a node's reports go. The default logs them through {@link System.Logger}. */
@FunctionalInterface
public interface Reporter {
  /**
   * Takes one report. Called by any thread, also by several at once; must neither block nor throw
   * (what it throws is swallowed and counted).
   *
   * @param report what happened
   */
  void report(Report report);
}
