package io.coppice.behaviours;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Response;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Requests under way, each with a label, whose outcomes are taken in the order in which they arrive
 * (semantics G32, G33). Mutable; belongs to one process.
 *
 * @param <L> the type of the labels
 */
public final class RequestIds<L> {
  private final Context self;
  private final Map<Ref, Labelled<L>> open = new LinkedHashMap<>();
  private final Set<Ref> kept = new HashSet<>(); // of those in open, whose outcome was taken

  /**
   * A request and its label.
   *
   * @param id the request
   * @param label the label
   * @param <L> the type of the labels
   */
  public record Labelled<L>(RequestId<?> id, L label) {}

  /**
   * What came of waiting.
   *
   * @param <L> the type of the labels
   */
  public sealed interface Arrival<L> {}

  /**
   * An outcome; its request is no longer in the collection, unless it was to be kept.
   *
   * @param reply the outcome
   * @param label the label of the request
   * @param <L> the type of the labels
   */
  public record Arrived<L>(Reply<?> reply, L label) implements Arrival<L> {}

  /**
   * The time is over.
   *
   * @param <L> the type of the labels
   */
  public record TimedOut<L>() implements Arrival<L> {}

  /**
   * The collection is empty: there is nothing to wait for.
   *
   * @param <L> the type of the labels
   */
  public record NoRequest<L>() implements Arrival<L> {}

  /**
   * An empty collection.
   *
   * @param self the process that is going to send the requests
   */
  public RequestIds(Context self) {
    this.self = self;
  }

  /**
   * Adds a request of the same process.
   *
   * @param id the request
   * @param label its label
   * @throws IllegalArgumentException if it is in the collection already, or of another process
   */
  public void add(RequestId<?> id, L label) {
    if (!id.belongsTo(self)) {
      throw new IllegalArgumentException("the request " + label + " was sent by another process");
    }
    if (open.putIfAbsent(id.ref(), new Labelled<>(id, label)) != null) {
      throw new IllegalArgumentException("the request " + label + " is in the collection already");
    }
  }

  /**
   * How many requests are in the collection.
   *
   * @return zero or more
   */
  public int size() {
    return open.size();
  }

  /**
   * The requests in the collection.
   *
   * @return a copy, in the order in which they were added
   */
  public List<Labelled<L>> toList() {
    return List.copyOf(open.values());
  }

  /**
   * Waits for the next outcome and gives up all requests when the time is over.
   *
   * @param timeout zero or more, or null for ever
   * @return what came of it
   */
  public Arrival<L> receive(@Nullable Duration timeout) {
    return receive(timeout, true);
  }

  /**
   * Waits for the next outcome and gives up all requests when the time is over.
   *
   * @param timeout zero or more, or null for ever
   * @param delete whether the request leaves the collection with its outcome; if not, its label
   *     stays to be seen in {@link #toList}, and it has no further outcome
   * @return what came of it
   */
  public Arrival<L> receive(@Nullable Duration timeout, boolean delete) {
    Arrival<L> arrival = await(timeout, delete);
    if (arrival instanceof TimedOut<L>) {
      open.values().forEach(each -> each.id().abandon());
      open.clear();
      kept.clear();
    }
    return arrival;
  }

  /**
   * Waits for the next outcome and gives up all requests when the time has come.
   *
   * @param monotonicNanos until when, on the node's clock; what is past is now
   * @return what came of it
   */
  public Arrival<L> receiveUntil(long monotonicNanos) {
    return receive(timeLeft(monotonicNanos));
  }

  /**
   * Waits for the next outcome; when the time is over the requests stay open.
   *
   * @param timeout zero or more, or null for ever
   * @return what came of it
   */
  public Arrival<L> await(@Nullable Duration timeout) {
    return await(timeout, true);
  }

  /**
   * Waits for the next outcome; when the time is over the requests stay open.
   *
   * @param timeout zero or more, or null for ever
   * @param delete as for {@link #receive(Duration, boolean)}
   * @return what came of it; {@link NoRequest} also if only requests are left that were kept
   */
  public Arrival<L> await(@Nullable Duration timeout, boolean delete) {
    if (timeout != null && timeout.isNegative()) {
      throw new IllegalArgumentException("the timeout is " + timeout + ", it must not be negative");
    }
    if (open.size() == kept.size()) {
      return new NoRequest<>();
    }
    return RequestId.take(self, only(), this::isOurs, timeout)
        .<Arrival<L>>map(response -> arrived(response, delete))
        .orElseGet(TimedOut::new);
  }

  /**
   * Waits for the next outcome; when the time has come the requests stay open.
   *
   * @param monotonicNanos until when, on the node's clock; what is past is now
   * @return what came of it
   */
  public Arrival<L> awaitUntil(long monotonicNanos) {
    return await(timeLeft(monotonicNanos));
  }

  /**
   * The outcome, if a message that was received brings one of them.
   *
   * @param message any message
   * @return the outcome, or empty if the message is about something else
   */
  public Optional<Arrived<L>> check(Object message) {
    return isOurs(message) ? Optional.of(arrived((Response) message, true)) : Optional.empty();
  }

  private Arrived<L> arrived(Response response, boolean delete) {
    Ref ref = response.ref();
    Labelled<L> request = delete ? open.remove(ref) : open.get(ref);
    if (request == null) {
      throw new AssertionError("not of this collection: " + response);
    }
    if (!delete) {
      kept.add(ref);
    }
    return new Arrived<>(request.id().reply(response), request.label());
  }

  /** The request that alone can have an outcome, or null if there are several. */
  private @Nullable Ref only() {
    if (open.size() - kept.size() != 1) {
      return null;
    }
    return open.keySet().stream().filter(ref -> !kept.contains(ref)).findFirst().orElse(null);
  }

  private Duration timeLeft(long monotonicNanos) {
    return Duration.ofNanos(Math.max(monotonicNanos - self.monotonicNanos(), 0));
  }

  private boolean isOurs(Object message) {
    return message instanceof Response response
        && open.containsKey(response.ref())
        && !kept.contains(response.ref());
  }
}
