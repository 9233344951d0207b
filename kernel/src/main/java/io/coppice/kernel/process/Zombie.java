package io.coppice.kernel.process;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process that was told to die, did not in time, and was declared dead while its code still runs
 * (semantics-gaps 1). Everybody else sees a dead process; whatever its code tries through the node
 * is refused. It counts until its code returns.
 *
 * @param pid the process
 * @param name the name it had, which is free again; or null
 * @param label its last label, or null
 * @param initialCall what it was started as
 * @param reason what it has ended with for everybody else
 * @param age how long it has been one
 * @param stack where its code is now
 * @param refused what it has tried through the node since then, sends and replies among them; all
 *     of it was refused
 */
public record Zombie(
    Pid pid,
    @Nullable String name,
    @Nullable Object label,
    String initialCall,
    ExitReason reason,
    Duration age,
    List<StackTraceElement> stack,
    long refused) {
  /** Copies the stack. */
  public Zombie {
    stack = List.copyOf(stack);
  }
}
