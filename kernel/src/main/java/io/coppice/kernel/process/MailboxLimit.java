package io.coppice.kernel.process;

import java.time.Duration;
import java.util.Objects;

/**
 * How many messages may wait for a process, and what happens to one more. Without it a mailbox is
 * unbounded, as in OTP.
 *
 * <p>A message counts from the moment it is sent until the code of the process gets it; those that
 * a selective receive has skipped count, too. What signals become ({@link Exit}, {@link Down},
 * {@link TaggedDown}, {@link Response}) never counts, is never lost and never waits, and neither
 * are signals: a full process can be linked, watched and killed. The same is true of a message of
 * one of these types that somebody sends. A {@link Timeout}, or any other message, of a timer that
 * a process has started for itself counts but is always let in. So are {@link Request}s counted;
 * one that is refused or lost fails with {@link ExitReason.MailboxOverflow}: no caller waits for an
 * answer that cannot come.
 *
 * @param messages how many may wait, from 1 to 1 000 000 000
 * @param overflow what happens to one more
 * @param patience how long a sending process waits for room ({@link Overflow#SUSPEND_SENDER}), more
 *     than zero; default 5 s
 */
public record MailboxLimit(int messages, Overflow overflow, Duration patience) {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int MOST = 1_000_000_000;

  /** Checks the values. */
  public MailboxLimit {
    Objects.requireNonNull(overflow, "overflow");
    if (messages < 1 || messages > MOST) {
      throw new IllegalArgumentException(
          "A mailbox limit of " + messages + " messages: allowed are 1 to " + MOST);
    }
    if (!patience.isPositive()) {
      throw new IllegalArgumentException(
          "The patience of a mailbox limit is "
              + patience
              + ": a sender that must not wait has the policy FAIL_SEND");
    }
  }

  /**
   * A limit with a patience of 5 s.
   *
   * @param messages from 1 to 1 000 000 000
   * @param overflow what happens to one more
   * @return the limit
   */
  public static MailboxLimit of(int messages, Overflow overflow) {
    return new MailboxLimit(messages, overflow, PATIENCE);
  }

  /**
   * A limit whose senders wait ({@link Overflow#SUSPEND_SENDER}).
   *
   * @param messages from 1 to 1 000 000 000
   * @param patience how long, more than zero
   * @return the limit
   */
  public static MailboxLimit suspending(int messages, Duration patience) {
    return new MailboxLimit(messages, Overflow.SUSPEND_SENDER, patience);
  }
}
