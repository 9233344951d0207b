package io.coppice.supervisor;

import java.util.Objects;

/** What a request about a child led to (semantics SU70, SU72). */
public sealed interface Outcome {
  /** It is done, or there was nothing left to do ({@code ok}). */
  record Done() implements Outcome {
    @Override
    public String toString() {
      return "ok";
    }
  }

  /**
   * Nothing was done ({@code {error, why}}).
   *
   * @param why the reason
   */
  record Refused(Refusal why) implements Outcome {
    /** Refuses null. */
    public Refused {
      Objects.requireNonNull(why, "why");
    }

    @Override
    public String toString() {
      return "{error, " + why + "}";
    }
  }

  /**
   * {@code ok}.
   *
   * @return the outcome
   */
  static Outcome done() {
    return new Done();
  }

  /**
   * {@code {error, why}}.
   *
   * @param why the reason
   * @return the outcome
   */
  static Outcome refused(Refusal why) {
    return new Refused(why);
  }

  /**
   * For callers to whom a refusal is a mistake of their own.
   *
   * @throws IllegalStateException if it was refused
   */
  default void orThrow() {
    if (this instanceof Refused(Refusal why)) {
      throw new IllegalStateException("The request was refused (" + why + "): " + why.describe());
    }
  }
}
