package io.coppice.kernel.process;

/**
 * The identity of one process.
 *
 * <p>A pid is a reference to its process and is never reused (semantics P1): it identifies the same
 * process for ever, also after that process has ended. Two pids are equal only if they are the same
 * object. Pids are made by a node; an object of any other implementation is refused with an {@link
 * IllegalArgumentException} wherever a pid is expected. Immutable for its users and safe to share
 * between threads; it may be sent in messages.
 */
public non-sealed interface Pid extends Destination {
  /**
   * The number of this process, unique within its node and counted upwards from 1.
   *
   * @return a positive number
   */
  long number();

  /**
   * A short form for humans, {@code <123>}.
   *
   * @return the number between angle brackets
   */
  @Override
  String toString();
}
