package io.coppice.kernel.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** A place for the item that was made ready last. Any thread, except where it is said. */
final class NewestSlot {
  private static final VarHandle ITEM;

  static {
    try {
      ITEM = MethodHandles.lookup().findVarHandle(NewestSlot.class, "item", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // by ITEM
  private @Nullable Object item;

  boolean isEmptyOpaque() {
    return ITEM.getOpaque(this) == null;
  }

  boolean isEmptyVolatile() {
    return ITEM.getVolatile(this) == null;
  }

  /** Into an empty slot, by the only one who fills it: others only empty it. */
  void putRelease(Object newest) {
    ITEM.setRelease(this, newest);
  }

  /** Puts an item there, and returns the one before. */
  @Nullable Object swap(Object newest) {
    return ITEM.getAndSet(this, newest);
  }

  @Nullable Object take() {
    return isEmptyOpaque() ? null : ITEM.getAndSet(this, null);
  }
}
