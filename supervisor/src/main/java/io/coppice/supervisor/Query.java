package io.coppice.supervisor;

import io.coppice.kernel.process.Pid;

/** What clients ask of a supervisor that changes nothing: payloads of requests. */
sealed interface Query {
  record WhichChildren() implements Query {}

  record WhichChild(String id) implements Query {}

  record WhichPid(Pid pid) implements Query {}

  record CountChildren() implements Query {}

  /** The failures of a child. */
  record HistoryOf(String id) implements Query {}

  record HistoryOfPid(Pid pid) implements Query {}

  record History() implements Query {}

  record SpecOf(String id) implements Query {}

  record SpecOfPid(Pid pid) implements Query {}
}
