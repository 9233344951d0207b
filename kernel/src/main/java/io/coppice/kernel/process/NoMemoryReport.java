package io.coppice.kernel.process;

import java.lang.System.Logger.Level;

/**
 * There was no memory to queue processes that are ready. They were queued all the same, where that
 * takes none, and run; but the JVM's heap is used up. Level ERROR.
 *
 * @param node the node's name
 * @param items how many since the last such report
 */
public record NoMemoryReport(String node, int items) implements Report {
  @Override
  public Level level() {
    return Level.ERROR;
  }

  @Override
  public String text() {
    return "The heap is used up: node "
        + node
        + " had no memory to queue "
        + items
        + " processes that were ready, and has squeezed them in elsewhere";
  }
}
