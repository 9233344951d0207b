package io.coppice.supervisor;

/** What a child is, for the counts and the default shutdown (semantics SU3, SU74). */
public enum ChildType {
  /** Does work; by default has 5 seconds to stop. The default. */
  WORKER,
  /**
   * Supervises others; by default has as long as it needs to stop, because its children need it.
   */
  SUPERVISOR;

  @Override
  public String toString() {
    return this == WORKER ? "worker" : "supervisor";
  }
}
