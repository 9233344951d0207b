package io.coppice.supervisor;

/** What a supervisor was doing when it made a report (semantics SU91). */
public enum ErrorContext {
  /** A child could not be started, at first or again (SU13, SU50). */
  START_ERROR,
  /** A child ended by itself (SU21). */
  CHILD_TERMINATED,
  /** A child that was to stop ended otherwise than it should (SU61). */
  SHUTDOWN_ERROR,
  /** The supervisor gives up (SU33). */
  SHUTDOWN;

  @Override
  public String toString() {
    return switch (this) {
      case START_ERROR -> "start_error";
      case CHILD_TERMINATED -> "child_terminated";
      case SHUTDOWN_ERROR -> "shutdown_error";
      case SHUTDOWN -> "shutdown";
    };
  }
}
