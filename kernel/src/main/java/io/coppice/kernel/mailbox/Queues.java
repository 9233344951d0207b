package io.coppice.kernel.mailbox;

import java.util.Optional;
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
  private static final String PACKAGE = "jdk.internal.misc";

  private Queues() {}

  /** Agrona's ring where the JVM lets it work, else one that needs nothing. */
  public static MessageQueue.Factory factory() {
    return missingFlag().isEmpty() ? AgronaQueue::new : GrowingQueue::new;
  }

  /** The JVM flag without which Agrona's ring cannot be used, or nothing if it can. */
  public static Optional<String> missingFlag() {
    Module agrona = ManyToOneConcurrentArrayQueue.class.getModule();
    return Object.class.getModule().isOpen(PACKAGE, agrona)
        ? Optional.empty()
        : Optional.of(
            "--add-opens java.base/"
                + PACKAGE
                + "="
                + (agrona.isNamed() ? agrona.getName() : "ALL-UNNAMED"));
  }
}
