package io.coppice.supervisor;

/** Who is restarted when a child fails (semantics SU40–SU45). */
enum Strategy {
  ONE_FOR_ONE,
  ONE_FOR_ALL,
  REST_FOR_ONE,
  SIMPLE_ONE_FOR_ONE;

  /** Whether the failure of a child restarts others, too. */
  boolean isGroup() {
    return this == ONE_FOR_ALL || this == REST_FOR_ONE;
  }

  @Override
  public String toString() {
    return switch (this) {
      case ONE_FOR_ONE -> "one_for_one";
      case ONE_FOR_ALL -> "one_for_all";
      case REST_FOR_ONE -> "rest_for_one";
      case SIMPLE_ONE_FOR_ONE -> "simple_one_for_one";
    };
  }
}
