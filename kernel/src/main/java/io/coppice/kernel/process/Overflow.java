package io.coppice.kernel.process;

/** What happens to a message that finds the mailbox of its receiver full. */
public enum Overflow {
  /**
   * The sending process waits until there is room, at most for the {@linkplain
   * MailboxLimit#patience patience} of the limit; then its send fails with {@link MailboxFull}.
   *
   * <p>Only processes wait. From a thread that runs none the send fails at once, and the message of
   * a timer is lost, and counted: neither may be held up.
   */
  SUSPEND_SENDER,
  /** The message is lost, and counted. */
  DROP_NEWEST,
  /**
   * The message is put in, and the oldest messages that exceed the limit are lost, and counted. The
   * receiver throws them away when it next receives or waits; while it computes, or blocks outside
   * of the kernel, its senders do, as soon as an eighth of the limit are too many, 64 at most.
   *
   * <p>So the limit is exceeded by that, and by one message for each sender that is under way; by
   * more only while the receiver is ready to run and waits for its turn, which it begins with
   * throwing away. A receive that skips messages changes nothing: what it has skipped counts, and
   * while it waits that is thrown away first. But while code of the receiver runs, its predicate or
   * what follows the receive, nobody else reaches the messages that it has skipped: of the others
   * the oldest are lost then, and if those that were skipped fill the mailbox, all that arrive.
   */
  DROP_OLDEST,
  /** The send fails with {@link MailboxFull}. The message of a timer is lost, and counted. */
  FAIL_SEND,
  /**
   * The receiver ends with {@link ExitReason.MailboxOverflow}, which it cannot trap; the message is
   * lost, and counted.
   */
  END_RECEIVER
}
