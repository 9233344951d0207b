package io.coppice.behaviours.event;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import org.jspecify.annotations.Nullable;

/**
 * The message that tells the owner of a supervised handler that the handler is gone (semantics
 * GE9).
 *
 * @param manager the event manager it was in
 * @param handler which handler
 * @param reason {@link ExitReason#NORMAL} if it was deleted or removed itself; {@link
 *     ExitReason#SHUTDOWN} if the event manager stops; a {@link ExitReason.Custom} with {@link
 *     Swapped} if another one took its place; else why it failed
 */
public record HandlerGone(Pid manager, HandlerId<?> handler, ExitReason reason) {
  /**
   * The term of the reason of a handler that was swapped for another one.
   *
   * @param next the handler that took its place
   * @param owner who supervises that one, or null if nobody does
   */
  public record Swapped(HandlerId<?> next, @Nullable Pid owner) {
    @Override
    public String toString() {
      return "{swapped, " + next + ", " + owner + "}";
    }
  }
}
