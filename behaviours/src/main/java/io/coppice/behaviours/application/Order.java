package io.coppice.behaviours.application;

/** What the master of an application, and its runner, are told to do. */
sealed interface Order {
  /** Stop in order. */
  record Stop() implements Order {}

  /** Kill all of it. */
  record Abort() implements Order {}

  /** To the runner alone, as a request: answered with null or an {@link ApplicationProblem}. */
  record Change(ConfigChange change) implements Order {}
}
