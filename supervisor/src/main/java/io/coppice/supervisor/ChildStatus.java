package io.coppice.supervisor;

/** What a child is doing, as its supervisor sees it. */
public enum ChildStatus {
  /** It has been started and its end has not been noticed. */
  RUNNING,
  /** It is not running and will not be restarted by itself ({@code undefined}). */
  STOPPED,
  /**
   * It is to be started again: the next try is under way (SU50), or comes after a {@link Backoff}.
   */
  RESTARTING,
  /** It has failed too often and is set aside, see {@link Budget}. */
  PARKED;

  @Override
  public String toString() {
    return switch (this) {
      case RUNNING -> "running";
      case STOPPED -> "undefined";
      case RESTARTING -> "restarting";
      case PARKED -> "parked";
    };
  }
}
