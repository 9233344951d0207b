package io.coppice.behaviours.proc;

import io.coppice.behaviours.SystemEvent;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ProcessExit;
import java.time.Duration;
import java.util.Optional;

/**
 * Receives for a process with a loop of its own, and answers system messages meanwhile, so that
 * {@code Sys} and {@code Address.stop} work on it as on any behaviour (semantics SY13).
 *
 * {@snippet class="io.coppice.behaviours.proc.SystemLoopTest" region="loop"}
 *
 * <p>While the process is suspended nothing is received. When a system message or the exit of its
 * parent ends the process, {@code terminate} of its callbacks runs and {@code receive} throws
 * {@link ProcessExit}. To be used by its process only.
 */
public final class SystemLoop {
  private final Context self;
  private final SpecialBody<?> body;

  private SystemLoop(Context self, SpecialBody<?> body) {
    this.self = self;
    this.body = body;
  }

  /**
   * A loop for the calling process.
   *
   * @param self the calling process, whose parent's exit is the order to stop if it traps exits
   * @param callbacks what system messages act on
   * @return what to receive with
   */
  public static SystemLoop of(Context self, SystemCallbacks<?> callbacks) {
    return new SystemLoop(self, new SpecialBody<>(self, callbacks));
  }

  /**
   * Waits for the next message that is not for the system.
   *
   * @return the first message
   */
  public Object receive() {
    Object next = body.next();
    while (next == null) {
      take(self.receive());
      next = body.next();
    }
    return next;
  }

  /**
   * Waits for the next message that is not for the system, for some time. The time while the
   * process is suspended counts, but does not end the wait before it is resumed.
   *
   * @param timeout zero or more
   * @return the first message, or empty when the time is over
   */
  public Optional<Object> receive(Duration timeout) {
    long start = self.monotonicNanos();
    Object next = body.next();
    while (next == null) {
      if (body.isSuspended()) {
        take(self.receive());
      } else {
        Duration left = timeout.minusNanos(self.monotonicNanos() - start);
        Optional<Object> message = self.receive(left.isNegative() ? Duration.ZERO : left);
        if (message.isEmpty()) {
          return message;
        }
        take(message.get());
      }
      next = body.next();
    }
    return Optional.of(next);
  }

  private void take(Object message) {
    body.take(self, message);
  }

  /**
   * Shows an event to the log, the statistics and whatever else watches this process (SY9, SY10).
   *
   * @param event what the process did
   */
  public void note(SystemEvent event) {
    body.show(event);
  }
}
