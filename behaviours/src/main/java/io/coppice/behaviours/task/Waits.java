package io.coppice.behaviours.task;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Response;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Waiting for one message, with a time-out or for ever. */
final class Waits {
  private Waits() {}

  /** The next message that matches, or null when the time is over; null is for ever. */
  static @Nullable Object receive(
      Context self, Predicate<Object> matching, @Nullable Duration timeout) {
    return timeout == null ? self.receive(matching) : self.receive(matching, timeout).orElse(null);
  }

  /** What is left of a time that began then, zero at least. */
  static Duration left(Context self, long startNanos, Duration timeout) {
    Duration left = timeout.minusNanos(self.monotonicNanos() - startNanos);
    return left.isNegative() ? Duration.ZERO : left;
  }

  static void checkTimeout(@Nullable Duration timeout) {
    if (timeout != null && timeout.isNegative()) {
      throw new IllegalArgumentException("the timeout is " + timeout + ", it must not be negative");
    }
  }

  /** Whether a message is the outcome of a request, or the end of what a monitor watches. */
  static boolean isEnd(Object message, Ref watch) {
    return switch (message) {
      case Response response -> response.ref().equals(watch);
      case Down down -> down.ref().equals(watch);
      default -> false;
    };
  }

  /** Removes the link with a process, and what has come through it. */
  static void unlinkFlush(Context self, Pid other) {
    self.unlink(other);
    receive(self, m -> m instanceof Exit exit && exit.from().equals(other), Duration.ZERO);
  }
}
