package io.coppice.kernel.process;

/** A name, or a process, that is registered already (semantics P60, G4 {@code already_started}). */
public final class NameTaken extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Pid holder;

  /**
   * Made by the kernel.
   *
   * @param message the sentence for humans
   * @param holder the process that holds the name
   */
  public NameTaken(String message, Pid holder) {
    super(message);
    this.holder = holder;
  }

  /**
   * The process that holds the name.
   *
   * @return its pid; it may have ended since
   */
  public Pid holder() {
    return holder;
  }
}
