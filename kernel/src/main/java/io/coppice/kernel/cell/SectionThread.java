package io.coppice.kernel.cell;

import io.coppice.kernel.process.ProcessExit;
import org.jspecify.annotations.Nullable;

/**
 * A platform thread that runs sections of processes, which wait for them. What a section does
 * through a node it does for its process: once that was told to die, it is refused.
 */
public final class SectionThread extends Thread {
  private volatile @Nullable ProcessCell owner;
  private @Nullable Section section; // confined to the thread itself

  /**
   * A daemon thread.
   *
   * @param task what it runs
   * @param name its name
   */
  public SectionThread(Runnable task, String name) {
    super(null, task, name, 0, false);
    setDaemon(true);
  }

  /**
   * Whose section runs next; on this thread.
   *
   * @param cell the process that waits, null for none
   */
  public void setOwner(@Nullable ProcessCell cell) {
    Section before = section;
    if (before != null) {
      before.runsOn(null);
    }
    owner = cell;
    section = cell == null ? null : cell.section();
    if (section != null) {
      section.runsOn(this);
    }
  }

  /** Throws if the calling thread runs a section of a process that was told to die. */
  static void check() {
    if (Thread.currentThread() instanceof SectionThread section) {
      ProcessCell cell = section.owner;
      if (cell != null) {
        cell.refuseIfDying();
      }
    }
  }

  /** The same for what does not throw: whether it has no effect. */
  static boolean isRefused() {
    try {
      check();
      return false;
    } catch (ProcessExit refused) {
      return true;
    }
  }

  /** Whether the calling thread runs a section of that process. */
  static boolean runsFor(ProcessCell cell) {
    return Thread.currentThread() instanceof SectionThread section && section.owner == cell;
  }
}
