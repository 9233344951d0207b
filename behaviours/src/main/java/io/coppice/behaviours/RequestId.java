package io.coppice.behaviours;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Response;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A request that was sent without waiting; only the process that sent it gets the outcome
 * (semantics G30, G31, G34). Made by the {@code send} of a server, a state machine, or a handler of
 * an event manager. Other threads get an {@link IllegalStateException}.
 *
 * @param <R> the type of the answer
 */
public final class RequestId<R extends @Nullable Object> {
  private final Context self;
  private final Ref ref;
  private final Address server;

  RequestId(Context self, Ref ref, Address server) {
    this.self = self;
    this.ref = ref;
    this.server = server;
  }

  /**
   * Waits for the outcome and gives up the request when the time is over: an answer that comes
   * later is dropped.
   *
   * @param timeout zero or more, or null for ever
   * @return the outcome, or empty when the time is over
   */
  public Optional<Reply<R>> receive(@Nullable Duration timeout) {
    Optional<Reply<R>> reply = await(timeout);
    if (reply.isEmpty()) {
      abandon();
    }
    return reply;
  }

  /**
   * Waits for the outcome; when the time is over it can be waited for again.
   *
   * @param timeout zero or more, or null for ever
   * @return the outcome, or empty when the time is over
   */
  public Optional<Reply<R>> await(@Nullable Duration timeout) {
    return take(self, ref, this::isOurs, timeout).map(this::reply);
  }

  /**
   * The outcome, if a message that was received brings it: for servers, in {@code handleInfo}.
   *
   * @param message any message
   * @return the outcome, or empty if the message is about something else
   */
  public Optional<Reply<R>> check(Object message) {
    return isOurs(message) ? Optional.of(reply((Response) message)) : Optional.empty();
  }

  /** Gives up the request: an answer is dropped, also one that has arrived. */
  public void abandon() {
    self.abandon(ref);
    take(self, null, this::isOurs, Duration.ZERO);
  }

  boolean belongsTo(Context process) {
    return self.equals(process);
  }

  Ref ref() {
    return ref;
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // the request was a Call<?, R>
  Reply<R> reply(Response response) {
    return response.failure() == null
        ? new Reply.Answer<>((R) response.answer())
        : new Reply.Failure<>(response.failure(), server);
  }

  /**
   * Waits for a response.
   *
   * @param only the one request that can bring it, or null. Counts if the wait has no end: else
   *     time-outs are outcomes like any other, and the process goes on then.
   */
  static Optional<Response> take(
      Context self, @Nullable Ref only, Predicate<Object> matching, @Nullable Duration timeout) {
    if (timeout != null) {
      return self.receive(matching, timeout).map(Response.class::cast);
    }
    return only == null
        ? Optional.of((Response) self.receive(matching))
        : self.receive(only, matching, null).map(Response.class::cast);
  }

  private boolean isOurs(Object message) {
    return message instanceof Response response && response.ref().equals(ref);
  }
}
