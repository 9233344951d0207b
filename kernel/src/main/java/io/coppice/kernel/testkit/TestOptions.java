package io.coppice.kernel.testkit;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * How a {@link TestNode} is started. Immutable; each method returns a changed copy.
 *
 * @param realTimeLimit how long one wait of the test may take in real time, 1 ms or more; default
 *     30 s
 * @param lockCheck whether each turn has a thread of its own; default true. A lock of {@code
 *     java.util.concurrent} that is held across turns belongs to a thread, which on a real node
 *     serves other processes meanwhile: they would own the lock, too. With the check nobody can
 *     take such a lock any more, and giving it back in another turn fails the run
 * @param messageCheck whether messages of mutable types fail the run; default true. Flagged are
 *     arrays, mutable collections, dates, builders and buffers of the JDK and classes with fields
 *     that are not final, as a message, in a request or another {@link
 *     io.coppice.kernel.process.Envelope}, as a record's component, and as an element of an
 *     unmodifiable collection; what a process sends to itself is not looked at
 * @param mutableMessages types that the message check lets pass, and their subtypes; default none
 */
public record TestOptions(
    Duration realTimeLimit,
    boolean lockCheck,
    boolean messageCheck,
    Set<Class<?>> mutableMessages) {
  /** The defaults. */
  public static final TestOptions DEFAULT =
      new TestOptions(Duration.ofSeconds(30), true, true, Set.of());

  /** Checks the values. */
  public TestOptions {
    mutableMessages = Set.copyOf(mutableMessages);
    if (realTimeLimit.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException(
          "realTimeLimit is " + realTimeLimit + ", the least allowed is 1 ms");
    }
  }

  /**
   * Limits the real time of one wait.
   *
   * @param value 1 ms or more
   * @return a changed copy
   */
  public TestOptions withRealTimeLimit(Duration value) {
    return new TestOptions(value, lockCheck, messageCheck, mutableMessages);
  }

  /**
   * Turns the check for locks that are held across turns on or off.
   *
   * @param value whether to check
   * @return a changed copy
   */
  public TestOptions withLockCheck(boolean value) {
    return new TestOptions(realTimeLimit, value, messageCheck, mutableMessages);
  }

  /**
   * Turns the check for mutable messages on or off.
   *
   * @param value whether to check
   * @return a changed copy
   */
  public TestOptions withMessageCheck(boolean value) {
    return new TestOptions(realTimeLimit, lockCheck, value, mutableMessages);
  }

  /**
   * Lets a mutable type pass the check of messages: its objects are handed over and never touched
   * again by their sender.
   *
   * @param type the type, such as {@code byte[].class}
   * @return a changed copy
   */
  public TestOptions withMutableMessage(Class<?> type) {
    Set<Class<?>> more = new HashSet<>(mutableMessages);
    more.add(type);
    return new TestOptions(realTimeLimit, lockCheck, messageCheck, more);
  }
}
