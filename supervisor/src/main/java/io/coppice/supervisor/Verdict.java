package io.coppice.supervisor;

/** What a supervisor decided about a failure. */
public enum Verdict {
  /** It starts the child again at once, or tries to. */
  RESTARTED("restarted"),
  /** It starts the child again after a delay ({@link Backoff}). */
  DELAYED("restarted after a delay"),
  /** It sets the child aside ({@link Budget}). */
  PARKED("parked"),
  /** It gives up (SU33). */
  ESCALATED("escalated"),
  /** It leaves it at that: the child is not to be restarted after such an end (SU21). */
  NOT_RESTARTED("not restarted");

  private final String text;

  Verdict(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
