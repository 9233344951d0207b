package io.coppice.behaviours.event;

import io.coppice.behaviours.Address;
import io.coppice.behaviours.Call;
import io.coppice.behaviours.RequestId;
import io.coppice.behaviours.RequestIds;
import io.coppice.behaviours.Sys;
import io.coppice.behaviours.event.EventCommand.Add;
import io.coppice.behaviours.event.EventCommand.Ask;
import io.coppice.behaviours.event.EventCommand.Delete;
import io.coppice.behaviours.event.EventCommand.Swap;
import io.coppice.behaviours.event.EventCommand.SyncNotify;
import io.coppice.behaviours.event.EventCommand.Which;
import io.coppice.behaviours.generic.Cast;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of an event manager (semantics section 6).
 *
 * <p>A handle of a pid means that process for ever. A handle of a name means whoever has the name
 * at each operation. Immutable; any thread may use it. What waits, waits for ever unless it says
 * otherwise, and fails with {@link CallFailed}: {@code noproc}, {@code calling_self} from a handler
 * of the event manager itself, the reason with which the event manager ended, or a reason of the
 * handler's.
 *
 * @param <E> the events
 */
public final class EventRef<E> {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);
  private final Address address;

  private EventRef(Address address) {
    this.address = address;
  }

  /**
   * The event manager at an address. That it takes these events is the caller's word.
   *
   * @param address where it is
   * @param <E> the events
   * @return its handle
   */
  public static <E> EventRef<E> at(Address address) {
    return new EventRef<>(address);
  }

  /**
   * The event manager that is one process.
   *
   * @param node where it lives
   * @param pid the process
   * @param <E> the events
   * @return its handle
   */
  public static <E> EventRef<E> of(Processes node, Pid pid) {
    return at(Address.of(node, pid));
  }

  /**
   * The event manager that has a name, whichever process that is.
   *
   * @param node where the name is registered
   * @param name the name, which need not be registered yet
   * @param <E> the events
   * @return its handle
   */
  public static <E> EventRef<E> named(Processes node, String name) {
    return at(Address.named(node, name));
  }

  // ---- events

  /**
   * Hands an event to all handlers, and does not wait (GE4). It is dropped if the process has
   * ended.
   *
   * @param event the event
   * @throws IllegalArgumentException if this is the handle of a name that nobody has
   */
  public void notify(E event) {
    if (address.whereis().isEmpty()) {
      throw new IllegalArgumentException(
          "no event manager has the name " + address + ", which was to be notified of " + event);
    }
    address.send(new Cast(event));
  }

  /**
   * Hands an event to all handlers and waits until each of them has handled it. Never fails because
   * a handler did (GE4).
   *
   * @param event the event
   * @throws CallFailed if there is no event manager, or it ended before
   */
  public void syncNotify(E event) {
    syncNotify(event, null);
  }

  /**
   * Hands an event to all handlers and waits for some time until each of them has handled it.
   *
   * @param event the event
   * @param timeout how long to wait, zero or more, or null for ever. The handlers are not told when
   *     it is over.
   * @throws CallFailed also with {@code timeout}
   */
  public void syncNotify(E event, @Nullable Duration timeout) {
    address.ask(new SyncNotify(Objects.requireNonNull(event, "event")), timeout);
  }

  // ---- handlers

  /**
   * Adds a handler, which becomes the first to get events (GE1, GE3).
   *
   * @param id its id, which need not be free (GE2)
   * @param code makes its callbacks, in the process of the event manager
   * @param <Q> what it can be asked
   * @throws CallFailed if its {@code init} refused or failed: with that reason, or the {@link
   *     ExitReason.Crashed} of its error
   */
  public <Q> void add(HandlerId<Q> id, Supplier<? extends EventHandler<? super E, Q, ?>> code) {
    address.ask(new Add(id, code, null), null);
  }

  /**
   * Adds a handler that belongs to the calling process (GE9). The two processes get linked. When
   * the handler goes, the calling process gets {@link HandlerGone}; when the calling process ends,
   * the handler is removed.
   *
   * @param self the calling process
   * @param id its id, which need not be free (GE2)
   * @param code makes its callbacks, in the process of the event manager
   * @param <Q> what it can be asked
   * @throws CallFailed as {@link #add}; the link has been made then, too
   */
  public <Q> void addSupervised(
      Context self, HandlerId<Q> id, Supplier<? extends EventHandler<? super E, Q, ?>> code) {
    address.ask(new Add(id, code, self.pid()), null);
  }

  /**
   * Removes a handler, the newest with that id.
   *
   * @param id which handler
   * @param args what its {@code terminate} gets, in {@link Removal.Deleted}
   * @return what its {@code terminate} returned (GE7)
   * @throws CallFailed with {@link NoHandler} if there is none (GE8); with what {@code terminate}
   *     threw, and the handler is gone
   */
  public @Nullable Object delete(HandlerId<?> id, @Nullable Object args) {
    return address.ask(new Delete(id, args), null);
  }

  /**
   * Replaces a handler by another one, which gets what the old one's {@code terminate} returns
   * (GE10). If the old one was supervised, so is the new one, by the same process. If there is no
   * old one, the new one is added and told so.
   *
   * @param old the handler that goes
   * @param args what its {@code terminate} gets, in {@link Removal.Swapped}
   * @param id the id of the handler that comes; it becomes the first to get events
   * @param code makes its callbacks, in the process of the event manager
   * @param <Q> what it can be asked
   * @throws CallFailed as {@link #add}; the old one is gone then
   */
  public <Q> void swap(
      HandlerId<?> old,
      @Nullable Object args,
      HandlerId<Q> id,
      Supplier<? extends EventHandler<? super E, Q, ?>> code) {
    address.ask(new Swap(old, args, new Add(id, code, null)), null);
  }

  /**
   * Replaces a handler by another one, which then belongs to the calling process as by {@link
   * #addSupervised} (GE10).
   *
   * @param self the calling process
   * @param old the handler that goes
   * @param args what its {@code terminate} gets, in {@link Removal.Swapped}
   * @param id the id of the handler that comes
   * @param code makes its callbacks, in the process of the event manager
   * @param <Q> what it can be asked
   * @throws CallFailed as {@link #add}; the old one is gone then
   */
  public <Q> void swapSupervised(
      Context self,
      HandlerId<?> old,
      @Nullable Object args,
      HandlerId<Q> id,
      Supplier<? extends EventHandler<? super E, Q, ?>> code) {
    address.ask(new Swap(old, args, new Add(id, code, self.pid())), null);
  }

  /**
   * The handlers.
   *
   * @return their ids, newest first (GE1)
   */
  @SuppressWarnings("unchecked") // the answer to Which
  public List<HandlerId<?>> whichHandlers() {
    return (List<HandlerId<?>>)
        Objects.requireNonNull(address.ask(new Which(), null), "answered without a list");
  }

  // ---- calls to one handler

  /**
   * Asks a handler, the newest with that id, and waits for up to five seconds (GE12).
   *
   * @param id which handler
   * @param request what is asked
   * @param <Q> what it can be asked
   * @param <R> the type of the answer
   * @return the answer
   * @throws CallFailed with {@link NoHandler} if there is none (GE8); with the reason for which it
   *     was removed if it failed (GE6); {@code timeout}, which is no concern of the event manager
   */
  public <Q, R extends @Nullable Object> R call(HandlerId<Q> id, Call<? extends Q, R> request) {
    return call(id, request, DEFAULT_TIMEOUT);
  }

  /**
   * Asks a handler and waits for some time.
   *
   * @param id which handler
   * @param request what is asked
   * @param timeout how long to wait, zero or more, or null for ever
   * @param <Q> what it can be asked
   * @param <R> the type of the answer
   * @return the answer
   * @throws CallFailed as {@link #call(HandlerId, Call)}
   * @throws IllegalArgumentException if the timeout is negative; nothing is sent (G22)
   */
  @SuppressWarnings({"unchecked", "NullAway"}) // the handler answers a Call<Q, R> with an R
  public <Q, R extends @Nullable Object> R call(
      HandlerId<Q> id, Call<? extends Q, R> request, @Nullable Duration timeout) {
    return (R) address.ask(new Ask(id, request), timeout);
  }

  /**
   * Asks a handler without waiting, from anywhere.
   *
   * @param id which handler
   * @param request what is asked
   * @param <Q> what it can be asked
   * @param <R> the type of the answer
   * @return completed by the thread that answers, exceptionally with {@link CallFailed}; dependents
   *     must be short, or use an executor
   */
  @SuppressWarnings("unchecked") // the handler answers a Call<Q, R> with an R
  public <Q, R extends @Nullable Object> CompletableFuture<R> request(
      HandlerId<Q> id, Call<? extends Q, R> request) {
    return (CompletableFuture<R>) address.request(new Ask(id, request));
  }

  /**
   * Asks a handler without waiting, from a process: the outcome comes to its mailbox (G30). Never
   * fails here, also if there is no such event manager, or no such handler. One collection of
   * requests may hold those to handlers, to servers and to machines.
   *
   * @param self the process that asks
   * @param id which handler
   * @param request what is asked
   * @param <Q> what it can be asked
   * @param <R> the type of the answer
   * @return with what to receive the outcome; the failures are those of {@link #call(HandlerId,
   *     Call)}
   */
  public <Q, R extends @Nullable Object> RequestId<R> send(
      Context self, HandlerId<Q> id, Call<? extends Q, R> request) {
    return address.sendRequest(self, new Ask(id, request));
  }

  /**
   * Asks a handler without waiting, from a process, and adds the request to those under way (G32).
   *
   * @param self the process that asks
   * @param id which handler
   * @param request what is asked
   * @param label its label
   * @param open the collection of the same process
   * @param <Q> what it can be asked
   * @param <L> the type of the labels
   */
  public <Q, L> void send(
      Context self, HandlerId<Q> id, Call<? extends Q, ?> request, L label, RequestIds<L> open) {
    open.add(send(self, id, request), label);
  }

  // ---- the process

  /**
   * Stops the event manager normally and waits until it has ended, for ever (G42). Each handler is
   * told by {@link Removal.ManagerStops}.
   *
   * @throws CallFailed as {@link #stop(ExitReason, Duration)}
   */
  public void stop() {
    stop(ExitReason.NORMAL, null);
  }

  /**
   * Stops the event manager and waits until it has ended (G42).
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
   * The system side of the event manager. Its state is a list of {@link HandlerState}s (GE13); its
   * {@code changeCode} takes {@link NewCode}.
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
