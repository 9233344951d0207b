package io.coppice.behaviours.event;

import io.coppice.kernel.process.ExitReason;
import org.jspecify.annotations.Nullable;

/** Why a handler goes: what {@link EventHandler#terminate} is told (semantics GE7). */
public sealed interface Removal {
  /**
   * Somebody deleted it.
   *
   * @param args what was given there
   */
  record Deleted(@Nullable Object args) implements Removal {}

  /**
   * The event manager stops.
   *
   * @param reason what it ends with
   */
  record ManagerStops(ExitReason reason) implements Removal {}

  /**
   * The process that supervised it ended.
   *
   * @param reason what that process ended with
   */
  record OwnerEnded(ExitReason reason) implements Removal {}

  /** It asked for it, with {@link EventStep#remove()}. */
  record Removed() implements Removal {}

  /**
   * One of its callbacks failed.
   *
   * @param reason what the callback threw, or that it returned what it must not
   */
  record Failed(ExitReason reason) implements Removal {}

  /**
   * Another handler takes its place.
   *
   * @param args what was given where the swap was asked for
   */
  record Swapped(@Nullable Object args) implements Removal {}
}
