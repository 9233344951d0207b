package io.coppice.behaviours.application;

import io.coppice.kernel.process.ExitReason;

/** What the end of an application means to its node (semantics AP8, AP9). */
public enum StartType {
  /** The node cannot do without it: when it ends by itself, or does not start, the node ends. */
  PERMANENT,
  /** As permanent, but it may end with {@code normal}: its work is done then. */
  TRANSIENT,
  /** Its end is reported and concerns nobody else. The default. */
  TEMPORARY;

  /** Whether the node goes on when the application has ended by itself (AP8). */
  boolean bears(ExitReason reason) {
    return switch (this) {
      case PERMANENT -> false;
      case TRANSIENT -> reason.equals(ExitReason.NORMAL);
      case TEMPORARY -> true;
    };
  }

  /** Whether the node goes on when the application has not started (AP9). */
  boolean bears(ApplicationProblem problem) {
    return switch (this) {
      case PERMANENT -> false;
      case TRANSIENT ->
          switch (problem) {
            case ApplicationProblem.BadConfiguration _ -> true;
            case ApplicationProblem.Crashed crashed ->
                crashed.callback().equals("start") && crashed.reason().equals(ExitReason.NORMAL);
            default -> false;
          };
      case TEMPORARY -> true;
    };
  }

  @Override
  public String toString() {
    return switch (this) {
      case PERMANENT -> "permanent";
      case TRANSIENT -> "transient";
      case TEMPORARY -> "temporary";
    };
  }
}
