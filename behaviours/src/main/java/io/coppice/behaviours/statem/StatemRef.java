package io.coppice.behaviours.statem;

import io.coppice.behaviours.Address;
import io.coppice.behaviours.Call;
import io.coppice.behaviours.RequestId;
import io.coppice.behaviours.RequestIds;
import io.coppice.behaviours.Sys;
import io.coppice.behaviours.generic.Cast;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.ViaName;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of a {@link GenStatem} (semantics 3.2–3.4, SM53).
 *
 * <p>A handle of a pid means that process for ever. A handle of a name means whoever has the name
 * at each operation, so it survives restarts. Immutable; any thread may use it: inside of a process
 * the process waits, and never a scheduler; elsewhere the thread waits.
 *
 * @param <M> the protocol of the machine
 */
public final class StatemRef<M> {
  private final Address address;

  private StatemRef(Address address) {
    this.address = address;
  }

  /**
   * The machine at an address. That it speaks the protocol is the caller's word.
   *
   * @param address where it is
   * @param <M> the protocol
   * @return its handle
   */
  public static <M> StatemRef<M> at(Address address) {
    return new StatemRef<>(address);
  }

  /**
   * The machine that is one process.
   *
   * @param node where it lives
   * @param pid the process
   * @param <M> the protocol
   * @return its handle
   */
  public static <M> StatemRef<M> of(Processes node, Pid pid) {
    return at(Address.of(node, pid));
  }

  /**
   * The machine that has a name, whichever process that is.
   *
   * @param node where the name is registered
   * @param name the name, which need not be registered yet
   * @param <M> the protocol
   * @return its handle
   */
  public static <M> StatemRef<M> named(Processes node, String name) {
    return at(Address.named(node, name));
  }

  /**
   * The machine with a name in a registry of one's own (P62).
   *
   * @param node where the processes live
   * @param name the registry and the name there
   * @param <M> the protocol
   * @return its handle, which follows restarts
   */
  public static <M> StatemRef<M> via(Processes node, ViaName name) {
    return at(Address.via(node, name));
  }

  /**
   * Asks and waits for the answer, for ever: a machine may postpone the call until its state allows
   * an answer (SM53).
   *
   * @param request what is asked
   * @param <R> the type of the answer
   * @return the answer
   * @throws CallFailed with {@code noproc}, {@code calling_self}, or the reason with which the
   *     machine ended before it answered (G21)
   */
  public <R extends @Nullable Object> R call(Call<? extends M, R> request) {
    return call(request, null);
  }

  /**
   * Asks and waits for the answer. OTP's {@code clean_timeout} and {@code dirty_timeout} are both
   * this: no late answer is ever seen.
   *
   * @param request what is asked
   * @param timeout how long, zero or more, or null for ever. It travels with the request ({@link
   *     io.coppice.kernel.process.Request#timeLeft}), but the machine is not told when it is over,
   *     handles the request all the same unless it was started to drop what nobody waits for
   *     ({@link io.coppice.kernel.process.Deadlines}), and its answer is dropped (G23, G24).
   * @param <R> the type of the answer
   * @return the answer
   * @throws CallFailed as {@link #call(Call)}, or with {@code timeout}
   * @throws IllegalArgumentException if the timeout is negative; nothing is sent (G22)
   */
  @SuppressWarnings({"unchecked", "NullAway"}) // the machine answers a Call<M, R> with an R
  public <R extends @Nullable Object> R call(
      Call<? extends M, R> request, @Nullable Duration timeout) {
    return (R) address.ask(request, timeout);
  }

  /**
   * Sends an event that wants no answer. Never fails: it is dropped if there is no such machine
   * (G40).
   *
   * @param message what is sent
   */
  public void cast(M message) {
    address.send(new Cast(message));
  }

  /**
   * Asks without waiting, from anywhere.
   *
   * @param request what is asked
   * @param <R> the type of the answer
   * @return completed by the thread that answers, exceptionally with {@link CallFailed}; dependents
   *     must be short, or use an executor
   */
  @SuppressWarnings("unchecked") // the machine answers a Call<M, R> with an R
  public <R extends @Nullable Object> CompletableFuture<R> request(Call<? extends M, R> request) {
    return (CompletableFuture<R>) address.request(request);
  }

  /**
   * Asks without waiting, from a process: the outcome comes to its mailbox (G30). Never fails here,
   * also if there is no such machine. One collection of requests may hold those to machines and
   * those to servers.
   *
   * @param self the process that asks
   * @param request what is asked
   * @param <R> the type of the answer
   * @return with what to receive the outcome
   */
  public <R extends @Nullable Object> RequestId<R> send(
      Context self, Call<? extends M, R> request) {
    return address.sendRequest(self, request);
  }

  /**
   * Asks without waiting, from a process, and adds the request to those under way (G32).
   *
   * @param self the process that asks
   * @param request what is asked
   * @param label its label
   * @param open the collection of the same process
   * @param <L> the type of the labels
   */
  public <L> void send(Context self, Call<? extends M, ?> request, L label, RequestIds<L> open) {
    open.add(send(self, request), label);
  }

  /**
   * Stops the machine normally and waits until it has ended, for ever (G42).
   *
   * @throws CallFailed as {@link #stop(ExitReason, Duration)}
   */
  public void stop() {
    stop(ExitReason.NORMAL, null);
  }

  /**
   * Stops the machine and waits until it has ended. Its {@code terminate} runs, also if it does not
   * trap exits (G42, G43).
   *
   * @param reason what it is to end with
   * @param timeout how long to wait, zero or more, or null for ever. The order stands when it is
   *     over.
   * @throws CallFailed with {@code noproc}, {@code timeout}, or the reason with which it ended if
   *     that was another one
   * @throws IllegalArgumentException if the timeout is negative; nothing is sent
   */
  public void stop(ExitReason reason, @Nullable Duration timeout) {
    address.stop(reason, timeout);
  }

  /**
   * Which process the handle means now.
   *
   * @return the pid, which may have ended; or empty if nobody has the name
   */
  public Optional<Pid> whereis() {
    return address.whereis();
  }

  /**
   * The system side of the machine. {@code getState} gives a {@link StateAndData}, the state in
   * {@code getStatus} is a {@link StatemStatus}.
   *
   * @return its system side
   */
  public Sys sys() {
    return Sys.of(address);
  }

  /** The name or the pid. */
  @Override
  public String toString() {
    return address.toString();
  }
}
