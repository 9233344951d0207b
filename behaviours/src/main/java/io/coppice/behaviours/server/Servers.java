package io.coppice.behaviours.server;

import io.coppice.behaviours.Call;
import io.coppice.behaviours.Reply;
import io.coppice.behaviours.RequestIds;
import io.coppice.behaviours.RequestIds.Arrived;
import io.coppice.behaviours.RequestIds.NoRequest;
import io.coppice.behaviours.RequestIds.TimedOut;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Request;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Several servers asked at once, by their names (semantics G41). Any thread may use it. */
public final class Servers {
  private Servers() {}

  /**
   * The answers of several servers.
   *
   * @param answers by name, in the order in which they came
   * @param missing the names of those that did not answer, in the order asked: no such server,
   *     ended, or not in time
   * @param <R> the type of the answers
   */
  public record Replies<R extends @Nullable Object>(Map<String, R> answers, List<String> missing) {}

  /**
   * Asks all at once and waits for their answers. Late ones are never seen, and one that ends is
   * missing at once.
   *
   * @param node where they are registered
   * @param names their names; each is asked once
   * @param request what all are asked
   * @param timeout how long to wait for all together, zero or more, or null for ever
   * @param <R> the type of the answers
   * @return what they answered
   * @throws IllegalArgumentException if the timeout is negative; nothing is sent
   */
  @SuppressWarnings("unchecked") // the middleman answers with Replies<R>
  public static <R extends @Nullable Object> Replies<R> multiCall(
      Processes node, List<String> names, Call<?, R> request, @Nullable Duration timeout) {
    if (timeout != null && timeout.isNegative()) {
      throw new IllegalArgumentException("the timeout is " + timeout + ", it must not be negative");
    }
    // A process of its own waits for the answers and takes those that come too late to its grave.
    Object replies =
        node.call(node.spawn(self -> collect(self, names, request, timeout)), "multi_call", null);
    return (Replies<R>) Objects.requireNonNull(replies);
  }

  private static <R extends @Nullable Object> void collect(
      Context self, List<String> names, Call<?, R> question, @Nullable Duration timeout) {
    Request asked = (Request) self.receive();
    RequestIds<String> open = new RequestIds<>(self);
    Set<String> missing = new LinkedHashSet<>(names);
    for (String name : missing) {
      open.add(ServerRef.named(self, name).send(self, untyped(question)), name);
    }
    long start = self.monotonicNanos();
    Map<String, @Nullable Object> answers = new LinkedHashMap<>();
    boolean waiting = true;
    while (waiting) {
      switch (timeout == null ? open.receive(null) : open.receiveUntil(start + timeout.toNanos())) {
        case Arrived<String>(Reply<?> reply, String name) -> {
          if (reply instanceof Reply.Answer<?>(var value)) {
            answers.put(name, value);
            missing.remove(name);
          }
        }
        case TimedOut<String>() -> waiting = false;
        case NoRequest<String>() -> waiting = false;
      }
    }
    asked.reply(new Replies<>(answers, List.copyOf(missing)));
  }

  @SuppressWarnings("unchecked") // nothing is known of servers that are called by name
  private static <R extends @Nullable Object> Call<Object, R> untyped(Call<?, R> question) {
    return (Call<Object, R>) question;
  }

  /**
   * Sends all of them a request that wants no answer (GenServer's {@code abcast}). Never fails:
   * names that nobody has are passed over.
   *
   * @param node where they are registered
   * @param names their names
   * @param message what is sent
   */
  public static void castAll(Processes node, List<String> names, Object message) {
    for (String name : names) {
      ServerRef.named(node, name).cast(message);
    }
  }
}
