package io.coppice.kernel.process;

/** Where a node's reports go. The default logs them through {@link System.Logger}. */
@FunctionalInterface
public interface Reporter {
  /**
   * Takes one report. A node calls it on a thread kept for that, with one report after another, in
   * the order made; while it blocks the node goes on, and further reports wait, as many as the
   * node's options say. What it throws is swallowed and counted.
   *
   * @param report what happened
   */
  void report(Report report);
}
