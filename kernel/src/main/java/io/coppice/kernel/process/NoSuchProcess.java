package io.coppice.kernel.process;

/** A link to a process that has ended, by one that does not trap exits (semantics P32). */
public final class NoSuchProcess extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Made by the kernel.
   *
   * @param message the sentence for humans
   */
  public NoSuchProcess(String message) {
    super(message);
  }
}
