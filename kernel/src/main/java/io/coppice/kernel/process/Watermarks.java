package io.coppice.kernel.process;

/**
 * When a queue of messages is long, and when it is short again. A {@link LongQueueReport} is made
 * once when the high mark is reached, and once when the queue has come down to the low mark; what
 * goes on between the marks is not told (P85).
 *
 * @param high the length at which the queue is long, 1 or more
 * @param low the length at which it is short again, from 0 to {@code high - 1}
 */
public record Watermarks(int high, int low) {
  /** Checks the marks. */
  public Watermarks {
    if (low < 0 || high <= low) {
      throw new IllegalArgumentException(
          "Watermarks of "
              + high
              + " and "
              + low
              + ": the low one is 0 or more, the high one more");
    }
  }
}
