package io.coppice.kernel.process;

/** A reference that stands for nothing but itself. */
final class FreshRef implements Ref {
  @Override
  public String toString() {
    return "#Ref<" + Integer.toHexString(System.identityHashCode(this)) + ">";
  }
}
