package io.coppice.kernel.process;

/** What happens to a process that is told to die while its own code runs (semantics-gaps 1). */
public enum KillPolicy {
  /**
   * Its thread is interrupted; if its code has not returned after the node's grace time the process
   * is declared dead and its code, now a <em>zombie</em>, is cut off from the node. Others never
   * wait longer than that, but two incarnations may touch the same outside resource at once.
   */
  ABANDON,
  /**
   * It is neither interrupted nor abandoned: it ends at its next kernel operation or when its code
   * returns, however long that takes. For code that must not be interrupted, such as a database
   * file.
   */
  AWAIT_TERMINATION
}
