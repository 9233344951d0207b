package io.coppice.supervisor;

/** What becomes of a child that would need more restarts than its {@link Budget} has. */
public enum OverBudget {
  /** The supervisor gives up, as it does when its own intensity is exceeded (SU33). The default. */
  ESCALATE,
  /** The child is set aside ({@link ChildStatus#PARKED}), and its siblings live on. */
  PARK;

  @Override
  public String toString() {
    return this == ESCALATE ? "escalate" : "park";
  }
}
