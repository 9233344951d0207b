package io.coppice.kernel.process;

import java.lang.System.Logger.Level;

/**
 * So many processes that were told to die still run that the node counts as ill: each keeps a
 * thread. Once when the limit is passed, and again only after half of them are gone. Level ERROR.
 *
 * @param node the node's name
 * @param zombies how many there are
 * @param limit how many there may be
 */
public record ZombieLimitReport(String node, int zombies, int limit) implements Report {
  @Override
  public Level level() {
    return Level.ERROR;
  }

  @Override
  public String text() {
    return "Node "
        + node
        + " has "
        + zombies
        + " processes whose code goes on although they were told to die, more than "
        + limit
        + "; each keeps a thread: find out from their stacks what they wait for, and end the JVM if"
        + " it does not let them go";
  }
}
