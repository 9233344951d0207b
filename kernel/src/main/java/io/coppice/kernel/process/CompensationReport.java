package io.coppice.kernel.process;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * More schedulers are stuck in long turns than may be replaced (design 2.4). Once when the bound is
 * passed, and once for each process that is killed for it. Level ERROR.
 *
 * @param node the node's name
 * @param stuck schedulers that are stuck
 * @param bound how many may be replaced
 * @param killed the process with the longest turn, if it is killed; else null
 */
public record CompensationReport(String node, int stuck, int bound, @Nullable Pid killed)
    implements Report {
  @Override
  public Level level() {
    return Level.ERROR;
  }

  @Override
  public String text() {
    String start =
        "Node "
            + node
            + ": "
            + stuck
            + " schedulers are stuck, and only "
            + bound
            + " are replaced";
    return killed == null
        ? start + "; the rest runs on fewer threads, or stands still: find the long turns reported"
        : start + " and nobody is left to run the rest: " + killed + ", stuck longest, is killed";
  }
}
