package io.coppice.kernel.mailbox;

import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

/**
 * Decides which queue the mailboxes of this JVM have; nothing else does.
 *
 * <p>Any thread may call the methods. Their answers do not change while the JVM runs, unless an
 * agent opens packages.
 */
public final class Queues {
  /* Agrona's classes reach the JDK's Unsafe, and fail at their initialisation if they may not. A class
   * that has failed once is lost for this JVM, so they are not tried: the module system is asked. The class
   * literal loads a class of Agrona's, and initialises none.
   */
  private Queues() {}

  /** Agrona's ring where the JVM lets it work, else one that needs nothing. */
  public static MessageQueue.Factory factory() {
    return isAgronaUsable() ? AgronaQueue::new : GrowingQueue::new;
  }

  /** Whether Agrona's ring can be used: {@code jdk.internal.misc} is open to it. */
  public static boolean isAgronaUsable() {
    Module agrona = ManyToOneConcurrentArrayQueue.class.getModule();
    return Object.class.getModule().isOpen("jdk.internal.misc", agrona);
  }
}
