package io.coppice.kernel.process;

/**
 * A message was not sent because the mailbox of its receiver is full ({@link Overflow#FAIL_SEND},
 * {@link Overflow#SUSPEND_SENDER}). If nobody catches it, the sending process crashes. A call that
 * is refused fails with {@link CallFailed} instead.
 */
public final class MailboxFull extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Pid receiver;

  /** How many messages may wait there. */
  private final int limit;

  /**
   * Made by the kernel.
   *
   * @param receiver whose mailbox is full
   * @param limit the messages that may wait there
   * @param message what happened, in a sentence
   */
  public MailboxFull(Pid receiver, int limit, String message) {
    super(message);
    this.receiver = receiver;
    this.limit = limit;
  }

  /**
   * Whose mailbox is full.
   *
   * @return the receiver
   */
  public Pid receiver() {
    return receiver;
  }

  /**
   * How many messages may wait there.
   *
   * @return 1 or more
   */
  public int limit() {
    return limit;
  }
}
