package io.coppice.supervisor;

/** What a child is doing, as its supervisor sees it. */
public enum ChildStatus {
  /** It has been started and its end has not been noticed. */
  RUNNING,
  /** It is not running and will not be restarted by itself ({@code undefined}). */
  STOPPED,
  /** It could not be started again so far; the next try is under way (SU50). */
  RESTARTING;

  @Override
  public String toString() {
    return switch (this) {
      case RUNNING -> "running";
      case STOPPED -> "undefined";
      case RESTARTING -> "restarting";
    };
  }
}
