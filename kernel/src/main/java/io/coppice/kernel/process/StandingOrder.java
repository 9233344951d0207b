package io.coppice.kernel.process;

/**
 * A payload of calls that is to be carried out also if its caller has stopped waiting: a process
 * that drops expired requests ({@link Deadlines#DROP}) takes these all the same. For what must not
 * be forgotten once it was said, such as the order to stop (G42).
 */
public interface StandingOrder {
  /**
   * Whether this one is; asked when it has expired, by the process that takes it.
   *
   * @return true; other payloads may ask what is inside of them
   */
  default boolean stands() {
    return true;
  }
}
