package io.coppice.kernel.testkit;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A future that runs the node while the thread of the test waits for it; else that thread would
 * wait for ever, since no process runs meanwhile. A time-out is virtual.
 */
final class DrivenFuture<T extends @Nullable Object> extends CompletableFuture<T> {
  private final TestNode node;

  DrivenFuture(TestNode node) {
    this.node = node;
  }

  /** A future that ends as another does; cancelling it cancels the other. */
  static <T extends @Nullable Object> DrivenFuture<T> of(
      TestNode node, CompletableFuture<T> other) {
    DrivenFuture<T> driven = new DrivenFuture<>(node);
    CompletableFuture<?> _ =
        other.whenComplete(
            (value, error) -> {
              if (error == null) {
                driven.complete(value);
              } else {
                driven.completeExceptionally(error);
              }
            });
    CompletableFuture<?> _ =
        driven.whenComplete(
            (value, error) -> {
              if (driven.isCancelled()) {
                other.cancel(false);
              }
            });
    return driven;
  }

  @Override
  public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
    return new DrivenFuture<>(node);
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    boolean _ = node.await(this::isDone, null);
    return super.get();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    boolean waited = node.await(this::isDone, Duration.of(timeout, unit.toChronoUnit()));
    return super.get(waited ? 0 : timeout, unit);
  }

  @Override
  public T join() {
    boolean _ = node.await(this::isDone, null);
    return super.join();
  }
}
