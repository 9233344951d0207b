package io.coppice.kernel.cell;

import io.coppice.kernel.time.TimerNode;

/** The grace time of a process that was told to die while its code runs (semantics-gaps 1c). */
final class FenceTimer extends TimerNode {
  /* A zombie's sends change nothing. Each operation looks whether the process is to die before it does anything,
   * and throws, so none begins after that was decided, a grace time ago. One that began before may still be under
   * way: its thread got no processor for all that time, say. Were the process fenced now, its message could arrive
   * behind the announcement of its end (P10). So the fencer takes the stack of the thread; if its innermost frame
   * that is not the JDK's is one of the kernel, an operation is under way, and it looks again a little
   * later, for at most one more grace time: the kernel may be waiting for something that never comes.
   *
   * The stack stands for a mark that each operation would have to set and clear, with a fence in between that
   * would cost each send more than all the rest of it. It is taken at a safepoint of that very thread, in
   * HotSpot a handshake: what the thread had decided before it is visible to the fencer afterwards.
   */
  private static final int LOOKS = 16; // within one more grace time

  private final ProcessCell victim;
  private int looks; // confined to whoever fires it

  FenceTimer(ProcessCell victim) {
    this.victim = victim;
  }

  @Override
  protected void onExpiry(long nowNanos) {
    boolean patient = looks < LOOKS;
    boolean again = true; // also if that throws: nobody else would end the process
    try {
      again = victim.fenceNow(patient);
    } catch (OutOfMemoryError noMemory) {
      victim.kernel.counters().lost();
    } finally {
      if (again) {
        looks++;
        // it waits for a scheduler, is in an operation, or in a section that must not be cut off
        long grace = victim.kernel.graceNanos();
        victim.kernel.startFence(this, patient ? grace / LOOKS : grace);
      }
    }
  }

  /**
   * Whether a thread with this stack is inside of a kernel operation, and not in code called by it.
   */
  static boolean isInOperation(StackTraceElement[] stack) {
    for (StackTraceElement frame : stack) {
      String type = frame.getClassName();
      if (!type.startsWith("java.") && !type.startsWith("jdk.") && !type.startsWith("sun.")) {
        return type.startsWith("io.coppice.kernel.cell.")
            || type.startsWith("io.coppice.kernel.mailbox.")
            || type.startsWith("io.coppice.kernel.scheduler.")
            || type.startsWith("org.agrona.");
      }
    }
    return false;
  }
}
