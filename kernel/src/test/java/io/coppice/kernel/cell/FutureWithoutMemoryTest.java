package io.coppice.kernel.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.ExitReason;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The outcome of a request comes while there is no memory to complete its future. */
class FutureWithoutMemoryTest {
  private final ProcessCell callee = Cells.running(1);

  /** A future that fails to complete at first, or completes and fails before it has told all. */
  private static final class Poor extends CompletableFuture<@Nullable Object> {
    private final Error error;
    private final boolean late;
    private int failures;

    Poor(int failures, Error error, boolean late) {
      this.failures = failures;
      this.error = error;
      this.late = late;
    }

    private void fail() {
      if (failures > 0) {
        failures--;
        throw error;
      }
    }

    @Override
    public boolean complete(@Nullable Object value) {
      if (!late) {
        fail();
      }
      boolean completed = super.complete(value);
      fail();
      return completed;
    }

    @Override
    public boolean completeExceptionally(Throwable thrown) {
      fail();
      return super.completeExceptionally(thrown);
    }
  }

  private CallRequest.AsFuture request(Poor future) {
    return new CallRequest.AsFuture("payload", null, callee, future);
  }

  private static OutOfMemoryError noMemory() {
    return new OutOfMemoryError("on purpose");
  }

  @Test
  @DisplayName("an answer completes the future, however often there was no memory for that")
  void answered() {
    Poor future = new Poor(3, noMemory(), false);
    assertTrue(request(future).answer("done"));
    assertEquals("done", future.getNow("nothing"));
    assertEquals(0, future.failures);
  }

  @Test
  @DisplayName("a failure completes the future, however often there was no memory for that")
  void failed() {
    Poor future = new Poor(3, noMemory(), false);
    assertTrue(request(future).failWith(ExitReason.KILLED));
    CompletionException failure =
        assertThrows(CompletionException.class, () -> future.getNow("nothing"));
    CallFailed why = assertInstanceOf(CallFailed.class, failure.getCause());
    assertEquals(ExitReason.KILLED, why.reason());
  }

  @Test
  @DisplayName("the process that ends without memory completes the futures of its callers")
  void bounced() {
    Poor future = new Poor(3, noMemory(), false);
    callee.bounce(request(future), ExitReason.NO_PROCESS);
    assertTrue(future.isCompletedExceptionally());
  }

  @Test
  @DisplayName("a future that is complete, but ran out of memory then, is not completed otherwise")
  void late() {
    Poor future = new Poor(1, noMemory(), true);
    AtomicReference<@Nullable Object> seen = new AtomicReference<>();
    CompletableFuture<?> _ = future.thenAccept(seen::set);
    assertTrue(request(future).answer("done"));
    assertEquals("done", future.getNow("nothing"));
    assertEquals("done", seen.get());
  }

  @Test
  @DisplayName("at the end of a stack the future fails with that: nobody waits for ever")
  void stack() {
    Poor future = new Poor(1, new StackOverflowError("on purpose"), false);
    assertTrue(request(future).failWith(ExitReason.KILLED));
    CompletionException failure =
        assertThrows(CompletionException.class, () -> future.getNow("nothing"));
    assertInstanceOf(StackOverflowError.class, failure.getCause());
  }
}
