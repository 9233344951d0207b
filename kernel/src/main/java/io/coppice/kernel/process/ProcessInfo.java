package io.coppice.kernel.process;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process as it looked a moment ago. Parts of it may be from slightly different moments.
 *
 * @param pid the process
 * @param name its registered name, or null
 * @param label its label, or null
 * @param initialCall what it was started as
 * @param parent the process that spawned it
 * @param status what it is doing
 * @param waitReason the kernel operation it waits in
 * @param queueLength messages that wait in its mailbox, estimated
 * @param trapExit whether it traps exits
 * @param thread the thread that hosts it now, or null
 */
public record ProcessInfo(
    Pid pid,
    @Nullable String name,
    @Nullable Object label,
    String initialCall,
    Pid parent,
    ProcessStatus status,
    WaitReason waitReason,
    int queueLength,
    boolean trapExit,
    @Nullable Thread thread) {
  /**
   * Where its code is now.
   *
   * @return the stack of the hosting thread, empty if there is none
   */
  public List<StackTraceElement> stack() {
    return thread == null ? List.of() : List.of(thread.getStackTrace());
  }
}
