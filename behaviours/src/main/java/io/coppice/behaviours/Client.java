package io.coppice.behaviours;

import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.Processes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who made the call that a server, or a state machine, ended over (semantics GS24, SM51).
 *
 * @param pid the calling process
 * @param name its name, or null
 * @param alive whether it existed when the report was made
 * @param stack where it was waiting, empty if it had ended or has no stack of its own
 */
public record Client(Pid pid, @Nullable String name, boolean alive, List<StackTraceElement> stack) {
  /**
   * How a caller is now.
   *
   * @param node its node
   * @param pid the calling process, which may have ended
   * @return what there is to see of it
   */
  public static Client of(Processes node, Pid pid) {
    ProcessInfo info = node.info(pid).orElse(null);
    return info == null
        ? new Client(pid, null, false, List.of())
        : new Client(pid, info.name(), true, info.stack());
  }
}
