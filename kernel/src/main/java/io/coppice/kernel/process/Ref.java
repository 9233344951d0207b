package io.coppice.kernel.process;

/**
 * A unique reference: the identity of a monitor, a timer or a request (semantics P40, T1, G30).
 *
 * <p>References are compared by identity. Operations that take a reference accept any reference;
 * one that means nothing to the operation has no effect there (P44, T10). Safe to share between
 * threads.
 */
public interface Ref {
  /**
   * Makes a reference that is equal to no other and stands for nothing.
   *
   * @return a new reference
   */
  static Ref create() {
    return new FreshRef();
  }
}
