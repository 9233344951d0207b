package io.coppice.supervisor;

/**
 * Why a supervisor did not do what it was asked for, in OTP's words (semantics SU15, SU70–SU72,
 * DS2).
 */
public enum Refusal {
  /** The child is running; terminate it first. */
  RUNNING("running", "the child is running; terminate it first"),
  /** The child could not be started so far and is being tried again (SU52). */
  RESTARTING("restarting", "the child is waiting for its next try to start; terminate it first"),
  /** There is no such child. */
  NOT_FOUND("not_found", "the supervisor has no such child"),
  /** A child with that id exists and is not running; restart or delete it. */
  ALREADY_PRESENT(
      "already_present", "a child with that id exists and is not running; restart or delete it"),
  /** The supervisor is a {@code simple_one_for_one} one, whose children have no ids. */
  SIMPLE_ONE_FOR_ONE(
      "simple_one_for_one",
      "the children of a simple_one_for_one supervisor have no ids; start them without a"
          + " specification and name them by pid"),
  /** Only a {@code simple_one_for_one} supervisor starts children without a specification. */
  INVALID_CHILD_SPEC(
      "invalid_child_spec",
      "only a simple_one_for_one supervisor can start a child without a specification"),
  /** The supervisor has as many children as it may have ({@link Supervisor#maxChildren}). */
  MAX_CHILDREN(
      "max_children",
      "the supervisor has as many children as it may have; wait until some have ended, or allow"
          + " more with maxChildren(…)"),
  /** The child is significant, and its supervisor has no automatic shutdown (SU4). */
  BAD_COMBINATION(
      "bad_combination",
      "a significant child means nothing to a supervisor whose automatic shutdown is never");

  private final String term;
  private final String sentence;

  Refusal(String term, String sentence) {
    this.term = term;
    this.sentence = sentence;
  }

  /**
   * Why, for humans.
   *
   * @return a sentence without capital and full stop
   */
  public String describe() {
    return sentence;
  }

  /** The word OTP has for it. */
  @Override
  public String toString() {
    return term;
  }
}
