package io.coppice.supervisor;

import io.coppice.kernel.process.ExitReason;

/** What a supervisor is in the middle of while a child is being started or stopped. */
sealed interface Work {
  /** Nothing. */
  record Idle() implements Work {}

  /** The first start of all children (SU10). */
  record Booting() implements Work {}

  /** An automatic restart of one or more children. */
  record Restarting() implements Work {}

  /** The comeback of a child that was parked. */
  record Returning() implements Work {}

  /** The start of one child on request (SU15, SU71); a new one is discarded if that fails. */
  record Starting(boolean isNew) implements Work {}

  /** The termination of one child on request (SU70). */
  record Terminating() implements Work {}

  /** The end of the supervisor, with this reason (SU64). */
  record Ending(ExitReason reason) implements Work {}

  /** What to say of it before anything else; empty if it is nothing. */
  default String summary() {
    return switch (this) {
      case Idle() -> "";
      case Booting() -> "starts its children: ";
      case Restarting() -> "restarts: ";
      case Returning() -> "starts a parked child: ";
      case Starting(var _) -> "starts a child: ";
      case Terminating() -> "stops a child: ";
      case Ending(var _) -> "stops its children: ";
    };
  }
}
