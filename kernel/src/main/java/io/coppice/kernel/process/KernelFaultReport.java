package io.coppice.kernel.process;

import java.lang.System.Logger.Level;

/**
 * A thread of a node, or one that closes it, has survived something that it should never have met:
 * the heap or a stack is used up, a class cannot be loaded, or the kernel has a defect. The thread
 * goes on. The threads of the node make at most one such report in ten seconds; a close makes one
 * for each of its steps that failed. Level ERROR.
 *
 * @param node the node's name
 * @param thread the name of the thread
 * @param error what was thrown
 * @param more how many others there were, on any thread of the node, since the last such report
 */
public record KernelFaultReport(String node, String thread, Throwable error, long more)
    implements Report {
  @Override
  public Level level() {
    return Level.ERROR;
  }

  @Override
  public String text() {
    StringBuilder out = new StringBuilder();
    out.append("Thread ").append(thread).append(" of node ").append(node);
    out.append(" goes on after an error that nothing in the node should throw, ");
    out.append(likely()).append(", and after ").append(more);
    out.append(" more since this was last said\n");
    out.append(CrashText.stackTrace(error));
    return out.toString().stripTrailing();
  }

  private String likely() {
    return switch (error) {
      case OutOfMemoryError _ -> "because the heap is used up";
      case StackOverflowError _ -> "because its stack is used up";
      case LinkageError _ -> "because a class could not be loaded";
      default -> "which may be a defect of the kernel or of a reporter";
    };
  }
}
