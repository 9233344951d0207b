package io.coppice.kernel.process;

import java.lang.System.Logger.Level;

/**
 * The JVM could not start a thread that a node needs. Nothing is lost: a process that was to have
 * its own thread ends with this as its reason, a scheduler is tried again. Level ERROR.
 *
 * @param node the node's name
 * @param what for whom the thread was
 * @param error what the JVM said
 */
public record NoThreadReport(String node, String what, Throwable error) implements Report {
  @Override
  public Level level() {
    return Level.ERROR;
  }

  @Override
  public String text() {
    return "Node "
        + node
        + " got no thread for "
        + what
        + " ("
        + error.getMessage()
        + "): memory for stacks, or the number of threads that the system allows, is used up";
  }
}
