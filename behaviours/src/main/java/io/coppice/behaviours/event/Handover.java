package io.coppice.behaviours.event;

import org.jspecify.annotations.Nullable;

/** What a handler that takes the place of another one gets from that one (semantics GE10). */
public sealed interface Handover {
  /**
   * The handler that was to be replaced.
   *
   * @return its id
   */
  HandlerId<?> handler();

  /**
   * It was there and has been terminated.
   *
   * @param handler which handler
   * @param left what its {@code terminate} returned; if that threw, the exit reason it stands for
   */
  record Left(HandlerId<?> handler, @Nullable Object left) implements Handover {}

  /**
   * It was not there.
   *
   * @param handler which handler
   */
  record Missing(HandlerId<?> handler) implements Handover {}
}
