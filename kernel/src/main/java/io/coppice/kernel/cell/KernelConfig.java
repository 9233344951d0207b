package io.coppice.kernel.cell;

import io.coppice.kernel.mailbox.MessageQueue;
import io.coppice.kernel.mailbox.Queues;
import io.coppice.kernel.process.Reporter;

/**
 * What the processes of a node need to know of its configuration.
 *
 * @param name the node's name
 * @param turnMessages messages a process handles in one turn
 * @param mailboxCapacity slots of the ring of a mailbox whose spawn options do not say
 * @param graceNanos time between the order to die and the fence
 * @param undeliveredNanos time between two summaries of undelivered messages, 0 for none
 * @param longQueue messages that are many for a process without watermarks, 0 if any number is not
 * @param reporter where reports go; must not block
 * @param queues makes the rings of mailboxes
 */
public record KernelConfig(
    String name,
    int turnMessages,
    int mailboxCapacity,
    long graceNanos,
    long undeliveredNanos,
    int longQueue,
    Reporter reporter,
    MessageQueue.Factory queues) {

  /**
   * With the queues of this JVM and without summaries, whose timer would move virtual time.
   *
   * @param name the node's name
   * @param turnMessages messages a process handles in one turn
   * @param mailboxCapacity slots of the ring of a mailbox whose spawn options do not say
   * @param graceNanos time between the order to die and the fence
   * @param reporter where reports go
   */
  public KernelConfig(
      String name, int turnMessages, int mailboxCapacity, long graceNanos, Reporter reporter) {
    this(name, turnMessages, mailboxCapacity, graceNanos, 0, 0, reporter, Queues.factory());
  }
}
