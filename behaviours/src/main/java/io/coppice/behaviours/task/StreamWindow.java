package io.coppice.behaviours.task;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Response;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a {@link TaskStream} that are under way. Owned by the consumer.
 *
 * <p>A slot is one of them. Slots wait in the order of their elements, or, unordered, in that in
 * which they got done; {@code open} has those without a result. A slot is freed when its result is
 * taken, not when it is there: else one slow element at the head would let the results of all
 * others pile up behind it. Elixir bounds only the tasks that run.
 */
final class StreamWindow<B extends @Nullable Object> {
  private final StreamOptions options;
  private final Deque<Slot<B>> slots = new ArrayDeque<>(); // ordered: all; unordered: those done
  private final Map<Ref, Slot<B>> open = new HashMap<>();

  private static final class Slot<B extends @Nullable Object> {
    final @Nullable Object input;
    @Nullable TaskResult<B> result;

    Slot(@Nullable Object input) {
      this.input = input;
    }
  }

  StreamWindow(StreamOptions options) {
    this.options = options;
  }

  boolean hasRoom() {
    int underWay = options.ordered() ? slots.size() : slots.size() + open.size();
    return open.size() < options.concurrencyMax() && underWay < options.window();
  }

  /** An element was asked for with this request. */
  void add(Ref request, @Nullable Object input) {
    Slot<B> slot = new Slot<>(options.zipInput() ? input : null);
    open.put(request, slot);
    if (options.ordered()) {
      slots.addLast(slot);
    }
  }

  boolean awaits(Object message) {
    return message instanceof Response response && open.containsKey(response.ref());
  }

  /** Whether no request is open. */
  boolean isSettled() {
    return open.isEmpty();
  }

  Set<Ref> requests() {
    return open.keySet();
  }

  /** An answer has come; its failure is the stream's. */
  @SuppressWarnings("unchecked") // the guard answers with results of type B
  void settle(Response response) {
    Slot<B> slot = open.remove(response.ref());
    if (slot == null) {
      throw new AssertionError("not of this stream: " + response);
    }
    if (response.failure() != null) {
      throw TaskFailure.of(response.failure(), "TaskStream(" + options.timeout() + " a task)");
    }
    TaskResult<B> result = (TaskResult<B>) response.answer();
    slot.result =
        result instanceof TaskResult.Failed<B>(ExitReason reason, _)
            ? new TaskResult.Failed<>(reason, slot.input)
            : result;
    if (!options.ordered()) {
      slots.addLast(slot);
    }
  }

  /** Takes the next result, if it is there. */
  @Nullable TaskResult<B> take() {
    Slot<B> first = slots.peekFirst();
    if (first == null || first.result == null) {
      return null;
    }
    slots.removeFirst();
    return first.result;
  }

  /** Forgets the slots; answers to requests that were not taken out are still awaited. */
  void forgetResults() {
    slots.clear();
  }
}
