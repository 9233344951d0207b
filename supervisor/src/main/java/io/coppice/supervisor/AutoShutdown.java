package io.coppice.supervisor;

/**
 * Whether the end of {@linkplain ChildSpec#significant(boolean) significant} children ends their
 * supervisor (semantics SU80–SU83). Only ends by themselves count that lead to no restart; a child
 * that is terminated on request, or for a sibling's sake, does not.
 */
public enum AutoShutdown {
  /** It does not. The default; significant children are then refused (SU4). */
  NEVER,
  /** The first significant child that ends ends the supervisor (SU80). */
  ANY_SIGNIFICANT,
  /** The supervisor ends when no significant child is left running (SU81). */
  ALL_SIGNIFICANT;

  @Override
  public String toString() {
    return switch (this) {
      case NEVER -> "never";
      case ANY_SIGNIFICANT -> "any_significant";
      case ALL_SIGNIFICANT -> "all_significant";
    };
  }
}
