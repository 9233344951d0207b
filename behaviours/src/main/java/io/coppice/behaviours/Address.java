package io.coppice.behaviours;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Response;
import io.coppice.kernel.process.ViaName;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a behaviour is to be found: a pid, a registered name, or anything else that can be looked
 * up (semantics P62, AG2). All handles of behaviours stand on it.
 *
 * <p>A name is resolved by each operation anew, so it follows a process through its restarts.
 * Immutable; any thread may use it, inside and outside of the node's processes.
 */
public final class Address {
  private final Processes node;
  private final @Nullable Pid pid;
  private final Supplier<Optional<Pid>> lookup;
  private final String text;

  private Address(Processes node, @Nullable Pid pid, Supplier<Optional<Pid>> lookup, String text) {
    this.node = node instanceof Context self ? self.node() : node;
    this.pid = pid;
    this.lookup = lookup;
    this.text = text;
  }

  /**
   * One process, for ever.
   *
   * @param node where it lives
   * @param pid the process
   * @return its address
   */
  public static Address of(Processes node, Pid pid) {
    Optional<Pid> found = Optional.of(pid);
    return new Address(node, pid, () -> found, pid.toString());
  }

  /**
   * Whoever has a name.
   *
   * @param node where the name is registered
   * @param name a name, which need not be registered yet
   * @return the address
   */
  public static Address named(Processes node, String name) {
    Objects.requireNonNull(name, "name");
    Processes home = node instanceof Context self ? self.node() : node;
    return new Address(home, null, () -> home.whereis(name), name);
  }

  /**
   * Whoever a registry of one's own names.
   *
   * @param node where the processes live
   * @param text what messages call the address
   * @param lookup asked by each operation; any thread may call it
   * @return the address
   */
  public static Address via(Processes node, String text, Supplier<Optional<Pid>> lookup) {
    return new Address(node, null, lookup, text);
  }

  /**
   * Whoever has a name in a registry of one's own (P62).
   *
   * @param node where the processes live
   * @param name the registry and the name there
   * @return the address
   */
  public static Address via(Processes node, ViaName name) {
    return new Address(node, null, name::whereis, name.toString());
  }

  /**
   * The node.
   *
   * @return its operations, which outlive any process
   */
  public Processes node() {
    return node;
  }

  /**
   * Who is there now.
   *
   * @return the pid, which may have ended; or empty if nobody has the name
   */
  public Optional<Pid> whereis() {
    return lookup.get();
  }

  /**
   * Asks and waits (G20, G21).
   *
   * @param payload what is asked
   * @param timeout how long to wait, zero or more, or null for ever
   * @return the answer
   * @throws CallFailed if there is no answer, also if nobody has the name
   * @throws IllegalArgumentException if the timeout is negative; nothing is sent (G22)
   */
  public @Nullable Object ask(Object payload, @Nullable Duration timeout) {
    checkTimeout(timeout);
    return node.call(resolveOrFail(payload, timeout), payload, timeout);
  }

  /**
   * Asks without waiting.
   *
   * @param payload what is asked
   * @return completed as by {@link Processes#request}; failed at once if nobody has the name
   */
  public CompletableFuture<@Nullable Object> request(Object payload) {
    Pid to = resolve();
    if (to == null) {
      return CompletableFuture.failedFuture(
          new CallFailed(ExitReason.NO_PROCESS, "request(" + text + ", " + payload + ")"));
    }
    return node.request(to, payload);
  }

  /**
   * Asks in the name of a process, which gets the outcome (G30). Never fails here.
   *
   * @param self the process that asks
   * @param payload what is asked
   * @param <R> the type of the answer, on the word of the caller
   * @return with what to receive the outcome
   */
  public <R extends @Nullable Object> RequestId<R> sendRequest(Context self, Object payload) {
    Pid to = resolve();
    if (to != null) {
      return new RequestId<>(self, self.sendRequest(to, payload), this);
    }
    Ref ref = Ref.create();
    self.send(self.pid(), new Response(ref, null, ExitReason.NO_PROCESS));
    return new RequestId<>(self, ref, this);
  }

  /**
   * Sends a message, and drops it if nobody has the name (G40).
   *
   * @param message an immutable object
   */
  public void send(Object message) {
    Pid to = resolve();
    if (to != null) {
      node.send(to, message);
    }
  }

  /**
   * Orders a behaviour to end, through its {@code terminate}, and waits until it has (G42, G43).
   *
   * @param reason what it is to end with
   * @param timeout how long to wait, zero or more, or null for ever. The order stands after that.
   * @throws CallFailed with {@code noproc}, {@code timeout}, or the reason with which it ended if
   *     that was another one
   * @throws IllegalArgumentException if the timeout is negative; nothing is sent
   */
  public void stop(ExitReason reason, @Nullable Duration timeout) {
    checkTimeout(timeout);
    SystemRequest order = new SystemRequest(new SystemRequest.Terminate(reason));
    Pid to = resolveOrFail(order, timeout);
    try {
      node.call(to, order, timeout);
    } catch (CallFailed ended) {
      if (!ended.reason().equals(reason)) {
        throw ended;
      }
    }
  }

  private Pid resolveOrFail(Object payload, @Nullable Duration timeout) {
    Pid to = resolve();
    if (to == null) {
      String limit = timeout == null ? "no time-out" : timeout.toString();
      throw new CallFailed(
          ExitReason.NO_PROCESS, "call(" + text + ", " + payload + ", " + limit + ")");
    }
    return to;
  }

  private @Nullable Pid resolve() {
    return pid != null ? pid : lookup.get().orElse(null);
  }

  private static void checkTimeout(@Nullable Duration timeout) {
    if (timeout != null && timeout.isNegative()) {
      throw new IllegalArgumentException("the timeout is " + timeout + ", it must not be negative");
    }
  }

  /** The name or the pid. */
  @Override
  public String toString() {
    return text;
  }
}
