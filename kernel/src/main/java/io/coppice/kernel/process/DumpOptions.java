package io.coppice.kernel.process;

import java.util.Objects;

/**
 * What a dump of a node shows. Immutable; each method returns a changed copy.
 *
 * @param processesMax the most processes that are shown one by one, 0 or more; default 1 000. Of
 *     the others there are totals, and those with the longest queues are listed all the same.
 * @param childrenMax the most children of one process that are shown one by one, 0 or more; default
 *     50. Those that have children themselves come first, then those with the longest queues, then
 *     those that are busy.
 * @param stacks how much of where the code of a process is; default {@link Stacks#TOP}
 * @param details whether links, monitors, timers and the keys of dictionaries are shown; default
 *     false
 */
public record DumpOptions(int processesMax, int childrenMax, Stacks stacks, boolean details) {
  /** How much is shown of where the code of a process is. */
  public enum Stacks {
    /** Nothing; no stack is taken. */
    NONE,
    /** The line of code that says most, of the processes that run or block. */
    TOP,
    /** All frames of all processes that have a stack, but for those of the kernel. */
    FULL
  }

  /** The defaults. */
  public static final DumpOptions DEFAULT = new DumpOptions(1_000, 50, Stacks.TOP, false);

  /** Checks the values. */
  public DumpOptions {
    Objects.requireNonNull(stacks, "stacks");
    if (processesMax < 0 || childrenMax < 0) {
      throw new IllegalArgumentException(
          "processesMax is "
              + processesMax
              + " and childrenMax is "
              + childrenMax
              + "; neither can be negative");
    }
  }

  /**
   * Sets how many processes are shown one by one.
   *
   * @param value 0 or more
   * @return a changed copy
   */
  public DumpOptions withProcessesMax(int value) {
    return new DumpOptions(value, childrenMax, stacks, details);
  }

  /**
   * Sets how many children of one process are shown one by one.
   *
   * @param value 0 or more
   * @return a changed copy
   */
  public DumpOptions withChildrenMax(int value) {
    return new DumpOptions(processesMax, value, stacks, details);
  }

  /**
   * Sets how much of the stacks is shown.
   *
   * @param value how much
   * @return a changed copy
   */
  public DumpOptions withStacks(Stacks value) {
    return new DumpOptions(processesMax, childrenMax, value, details);
  }

  /**
   * Sets whether links, monitors, timers and the keys of dictionaries are shown.
   *
   * @param value true to show them
   * @return a changed copy
   */
  public DumpOptions withDetails(boolean value) {
    return new DumpOptions(processesMax, childrenMax, stacks, value);
  }
}
