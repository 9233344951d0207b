package io.coppice.kernel.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How much is left of a stack. */
class StackRoomTest {
  private static final int DEPTH = 220;
  private static final int AMPLE = 0;
  private static final int ENOUGH = 1;
  private static final int NEITHER = 2;

  /**
   * Three, so that the call of one is never inlined: the stack that it asks for would be asked for
   * by the caller.
   */
  private final List<BooleanSupplier> looks =
      List.of(StackRoom::isAmple, StackRoomTest::isEnough, () -> false);

  private int overflows;
  private int enough; // levels with room for an operation of the kernel only

  @Test
  @DisplayName("near its end a stack has room for the kernel, but none for code of somebody else's")
  void room() throws Exception {
    StackRoom.require();
    assertTrue(StackRoom.isAmple());
    assertEquals(8L * DEPTH, deep(DEPTH, 1, 1, 1, 1, 1, 1, 1, 1));
    FutureTask<Boolean> end = new FutureTask<>(this::toTheEnd);
    Thread thread = new Thread(null, end, "small", 1 << 20);
    thread.start();
    assertTrue(end.get());
    assertEquals(0, overflows, "where room was ample");
    assertTrue(enough > 0, "ample means more than enough");
  }

  /** True if there was a place with ample room; what it calls there does not overflow. */
  @SuppressWarnings("InfiniteRecursion") // on purpose
  private boolean toTheEnd() {
    try {
      if (toTheEnd()) {
        return true;
      }
    } catch (StackOverflowError end) {
      // further up
    }
    if (looks.get(AMPLE).getAsBoolean()) {
      try {
        return deep(DEPTH, 1, 1, 1, 1, 1, 1, 1, 1) == 8L * DEPTH;
      } catch (StackOverflowError e) {
        overflows++;
        return false;
      }
    }
    if (looks.get(ENOUGH).getAsBoolean()) {
      enough++;
    }
    return looks.get(NEITHER).getAsBoolean();
  }

  private static boolean isEnough() {
    StackRoom.require();
    return true;
  }

  /** Alive across the call: compiled frames are large, too. */
  @SuppressWarnings("TooManyParameters")
  private static long deep(
      int depth, long a, long b, long c, long d, long e, long f, long g, long h) {
    long below = depth == 1 ? 0 : deep(depth - 1, h, a, b, c, d, e, f, g);
    return below + a + b + c + d + e + f + g + h;
  }
}
