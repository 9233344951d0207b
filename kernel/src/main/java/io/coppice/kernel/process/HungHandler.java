package io.coppice.kernel.process;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The term of the reason that a process ends with because its code was at one message for too long
 * ({@link HandlerLimit}). An abnormal reason.
 *
 * @param time how long it had been at it, as far as was seen
 * @param handling the class of the message, or null if it is not known
 */
public record HungHandler(Duration time, @Nullable String handling) {
  /** Refuses null. */
  public HungHandler {
    Objects.requireNonNull(time, "time");
  }

  @Override
  public String toString() {
    return "hung_handler: " + time.toMillis() + " ms" + (handling == null ? "" : " at " + handling);
  }
}
