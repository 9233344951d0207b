package io.coppice.behaviours.channel;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Handoff;
import io.coppice.kernel.process.Processes;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A channel for one value: sent once, from anywhere, and received by one waiter at a time. The
 * value stays, so that a receiver that came too late, or again, gets it as well.
 *
 * <p>Waits are those of the kernel, as in {@link Channel}. Any thread may use it.
 *
 * {@snippet class="io.coppice.behaviours.channel.ChannelSnippets" region="oneShot"}
 *
 * @param <T> the value, an immutable object
 */
public final class OneShot<T> {
  /*
   * The state is one reference: null, the handoff of who waits, or what it has come to (a Settled).
   * Every change is one CAS. Who settles it puts the outcome there first and wakes the waiter it has
   * replaced afterwards; a waiter that gives up takes its handoff out, or finds the outcome.
   */
  private final Processes node;
  private final AtomicReference<@Nullable Object> state = new AtomicReference<>();

  /** The value, or null if there will be none. */
  private record Settled<T>(@Nullable T value) {}

  private OneShot(Processes node) {
    this.node = node instanceof Context self ? self.node() : node;
  }

  /**
   * A new one.
   *
   * @param <T> the value
   * @param node the node of the processes that use it, or a context of one of them
   * @return one without a value
   */
  public static <T> OneShot<T> create(Processes node) {
    return new OneShot<>(node);
  }

  /**
   * Sends the value. Never waits.
   *
   * @param value an immutable object
   * @return false if there is a value already, or it was closed
   */
  public boolean send(T value) {
    return settle(new Settled<>(Objects.requireNonNull(value, "value")));
  }

  /**
   * Says that no value will come.
   *
   * @return false if there is a value already, or it was closed
   */
  public boolean close() {
    return settle(new Settled<T>(null));
  }

  /**
   * Whether a receiver would not wait.
   *
   * @return true once it was sent or closed
   */
  public boolean isSettled() {
    return state.get() instanceof Settled;
  }

  /**
   * Receives the value, and waits for it.
   *
   * @return the value
   * @throws ChannelClosed if it was closed without one
   * @throws IllegalStateException if somebody else waits for it, or the calling process is one that
   *     never waits
   */
  public T receive() {
    return take(null).orElseThrow(() -> new NoSuchElementException("a wait without end has ended"));
  }

  /**
   * Receives the value, and waits for a while.
   *
   * @param timeout how long, zero or more
   * @return the value, or empty if it did not come in that time
   * @throws ChannelClosed as {@link #receive()}
   * @throws IllegalStateException as {@link #receive()}
   */
  public Optional<T> receive(Duration timeout) {
    return take(Objects.requireNonNull(timeout, "timeout"));
  }

  private boolean settle(Settled<T> outcome) {
    while (true) {
      Object now = state.get();
      if (now instanceof Settled) {
        return false;
      }
      if (state.compareAndSet(now, outcome)) {
        if (now instanceof Handoff<?> waiting) {
          wake(waiting);
        }
        return true;
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static void wake(Handoff<?> waiting) {
    boolean _ = ((Handoff<Boolean>) waiting).offer(true); // if it has given up, it looks itself
  }

  private Optional<T> take(@Nullable Duration timeout) {
    if (!isSettled()) {
      await(timeout);
    }
    return state.get() instanceof Settled<?> outcome
        ? Optional.of(value(outcome))
        : Optional.empty();
  }

  private void await(@Nullable Duration timeout) {
    Handoff<Boolean> place = node.handoff(this);
    Object found = state.compareAndExchange(null, place);
    if (found instanceof Handoff) {
      throw new IllegalStateException(
          "Somebody else waits for this one-shot; for several receivers use a channel.");
    }
    if (found == null) {
      try {
        Optional<Boolean> _ = place.await(timeout);
      } finally {
        boolean _ = state.compareAndSet(place, null);
      }
    }
  }

  @SuppressWarnings("unchecked") // only values of this one-shot
  private T value(Settled<?> outcome) {
    if (outcome.value() == null) {
      throw new ChannelClosed("This one-shot was closed without a value.", null);
    }
    return (T) outcome.value();
  }

  @Override
  public String toString() {
    return "OneShot["
        + (state.get() instanceof Settled<?> done ? done.value() : "no value yet")
        + "]";
  }
}
