package io.coppice.kernel.mailbox;

import java.util.Optional;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

/** Which queue the mailboxes of this JVM have. */
public final class Queues {
  private Queues() {}

  /** The JVM flag without which Agrona's ring cannot be used, or nothing if it can. */
  public static Optional<String> missingFlag() {
    Module agrona = ManyToOneConcurrentArrayQueue.class.getModule();
    return Object.class.getModule().isOpen("jdk.internal.misc", agrona)
        ? Optional.empty()
        : Optional.of("--add-opens=java.base/jdk.internal.misc=" + agrona.getName());
  }
}
