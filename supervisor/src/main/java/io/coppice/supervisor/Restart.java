package io.coppice.supervisor;

import io.coppice.kernel.process.ExitReason;

/** Which ends of a child lead to its restart (semantics SU21). */
public enum Restart {
  /** Always restarted, also after a {@code normal} end (SU22). The default. */
  PERMANENT,
  /** Restarted after an abnormal end only. */
  TRANSIENT,
  /**
   * Never restarted, not even when it was stopped for a sibling's sake; its specification goes with
   * it (SU23).
   */
  TEMPORARY;

  /**
   * Whether a child of this kind that ended by itself is restarted.
   *
   * @param reason why it ended
   * @return whether to start it again
   */
  boolean restartsAfter(ExitReason reason) {
    return switch (this) {
      case PERMANENT -> true;
      case TRANSIENT -> !reason.isClean();
      case TEMPORARY -> false;
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
