package io.coppice.behaviours.generic;

import io.coppice.kernel.process.ExitReason;

/** What came of an {@code init} (semantics G6). */
public sealed interface Initial {
  /** The process is up. */
  record Up() implements Initial {}

  /** The process ends normally, and its starter is told that there is none. */
  record Ignored() implements Initial {}

  /**
   * The process ends.
   *
   * @param told what its starter is told
   * @param exit what it ends with
   */
  record Failed(ExitReason told, ExitReason exit) implements Initial {}
}
