package io.coppice.behaviours.event;

import io.coppice.behaviours.BadReturnValue;
import io.coppice.behaviours.ControlThrow;
import io.coppice.behaviours.StatusView;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The handlers of an event manager. Used by its process only. */
final class Handlers {
  /*
   * Newest first (GE1). A handler has three ways out of the list:
   *
   *   it failed            a report, terminate(Failed), its owner is told why           fail
   *   somebody wants so    terminate(why), its owner is told                            retire
   *   it is swapped        terminate(Swapped), its owner is told for whom; the result   swapOut
   *                        goes to the next one's init, and the owner, unless another
   *                        one came forward, owns the next one
   *
   * Whatever a callback throws is the end of its handler and of nothing else. But a process that has
   * been told to die gets ProcessExit from every operation of the kernel, and that is no failure of
   * the handler which happens to run: so each catch first asks the manager why, which throws it
   * again (P4).
   *
   * While a message goes through the list, the list changes only at the place where the message is:
   * a handler has no way to add or remove others, since a call of the manager to itself fails. One
   * that swaps itself is replaced in its place, by a handler that does not see this message.
   *
   * A callback that fails leaves the state as it was before (GS3), so terminate and the report show
   * that one.
   *
   * The link with an owner outlives the handler, as in OTP: it may hold for another handler, and the
   * owner's exit is a message that all handlers see (GE9). Only when the manager stops are the
   * owners let go first: the notice says it all, and the exit signal would kill those who do not
   * trap exits. The parent is not let go: the exit is its due.
   */
  private final Manager manager;
  private final ArrayList<Slot> slots = new ArrayList<>();
  private boolean resting;

  /** The process around the handlers. */
  interface Manager {
    /** Its operations. */
    Context self();

    /** Whose exit is its order to stop, or null. */
    @Nullable Pid parent();

    /** Why code that threw that ends; throws if the process has been told to die. */
    ExitReason why(Throwable error);

    /** What Sys.log has kept. */
    List<?> log();
  }

  /** What came of asking a handler, or of removing one. */
  sealed interface Outcome {
    /** It answered. */
    record Answer(@Nullable Object value) implements Outcome {}

    /** It failed, or is not there. */
    record Failed(ExitReason reason) implements Outcome {}
  }

  /** A callback that threw. */
  private record Failure(ExitReason reason) {}

  Handlers(Manager manager) {
    this.manager = manager;
  }

  /** All of them, newest first. */
  List<Slot> slots() {
    return slots;
  }

  /** Whether one of them has asked for rest since this was asked last. */
  boolean takeRest() {
    boolean rest = resting;
    resting = false;
    return rest;
  }

  // ---- messages

  /** Has all of them handle an event. */
  void event(Object event) {
    all(event, "handleEvent", slot -> slot.event(event));
  }

  /** Has all of them handle another message. */
  void info(Object message) {
    all(message, "handleInfo", slot -> slot.info(message));
  }

  private interface Callback {
    @Nullable Object on(Slot slot) throws Exception;
  }

  private void all(Object message, String name, Callback callback) {
    int i = 0;
    while (i < slots.size()) {
      Slot slot = slots.get(i);
      boolean stays = put(i, settle(slot, run(() -> callback.on(slot)), message, name));
      i += stays ? 1 : 0;
      manager.self().checkpoint();
    }
  }

  /** Has one of them answer (GE8). */
  Outcome call(HandlerId<?> id, Object question) {
    int i = find(id);
    if (i < 0) {
      return missing(id);
    }
    Slot slot = slots.get(i);
    Object result = run(() -> slot.call(question));
    if (result instanceof EventResult<?> answered) {
      put(i, settle(slot, answered.step(), question, "handleCall"));
      return new Outcome.Answer(answered.answer());
    }
    ExitReason reason =
        result instanceof Failure failure ? failure.reason() : bad(slot, "handleCall", result);
    put(i, fail(slot, question, reason));
    return new Outcome.Failed(reason);
  }

  private boolean put(int place, @Nullable Slot next) {
    if (next == null) {
      slots.remove(place);
      return false;
    }
    slots.set(place, next);
    return true;
  }

  /**
   * Acts on what a callback returned (GE5, GE6).
   *
   * @return who is in its place now, or null
   */
  private @Nullable Slot settle(
      Slot slot, @Nullable Object result, Object message, String callback) {
    return switch (result) {
      case EventStep.Next<?> next -> {
        slot.state(next.state());
        resting |= next.hibernate();
        yield slot;
      }
      case EventStep.Unhandled<?> unhandled -> {
        slot.state(unhandled.state());
        Context self = manager.self();
        self.report(new UnhandledInfo(self.pid(), slot.id(), message));
        yield slot;
      }
      case EventStep.Remove<?>() -> {
        retire(slot, new Removal.Removed(), ExitReason.NORMAL);
        yield null;
      }
      case EventStep.Swap<?> swap -> {
        slot.state(swap.state());
        yield swapInPlace(slot, swap);
      }
      case Failure(ExitReason reason) -> fail(slot, message, reason);
      case null, default -> fail(slot, message, bad(slot, callback, result));
    };
  }

  // ---- coming

  /** What came of installing a handler. */
  private sealed interface Installed {
    record Up(Slot slot) implements Installed {}

    record Not(ExitReason reason) implements Installed {}
  }

  /** Adds a handler; null if it is there now, else why not (GE3). */
  @Nullable ExitReason add(EventCommand.Add wanted) {
    return add(wanted, wanted.owner(), null);
  }

  private @Nullable ExitReason add(
      EventCommand.Add wanted, @Nullable Pid owner, @Nullable Handover from) {
    if (wanted.owner() != null) {
      manager.self().link(wanted.owner());
    }
    return switch (install(wanted.id(), wanted.code(), owner, from)) {
      case Installed.Up(Slot slot) -> {
        slots.addFirst(slot);
        yield null;
      }
      case Installed.Not(ExitReason reason) -> reason;
    };
  }

  /** Replaces a handler; null if the new one is there now, else why not (GE10). */
  @Nullable ExitReason swap(EventCommand.Swap wanted) {
    EventCommand.Add next = wanted.next();
    int i = find(wanted.old());
    if (i < 0) {
      return add(next, next.owner(), new Handover.Missing(wanted.old()));
    }
    Slot old = slots.remove(i);
    Pid owner = next.owner() == null ? old.owner() : next.owner();
    return add(next, owner, swapOut(old, wanted.args(), next.id(), owner));
  }

  private @Nullable Slot swapInPlace(Slot old, EventStep.Swap<?> swap) {
    Handover left = swapOut(old, swap.args(), swap.id(), old.owner());
    return switch (install(swap.id(), swap.code(), old.owner(), left)) {
      case Installed.Up(Slot next) -> next;
      case Installed.Not(ExitReason reason) -> {
        // Nobody waits for it, so it is reported and its owner told, as when a handler fails.
        report(swap.id(), new StatusView(null, null, reason, manager.log()));
        tell(old.owner(), swap.id(), reason);
        yield null;
      }
    };
  }

  private Installed install(
      HandlerId<?> id,
      Supplier<? extends EventHandler<?, ?, ?>> code,
      @Nullable Pid owner,
      @Nullable Handover from) {
    Slot slot;
    try {
      slot = new Slot(id, code.get(), owner);
    } catch (Throwable error) {
      return new Installed.Not(manager.why(error));
    }
    Object result = run(() -> slot.init(manager.self(), from));
    return switch (result) {
      case EventInit.Up<?> up -> {
        slot.state(up.state());
        resting |= up.hibernate();
        yield new Installed.Up(slot);
      }
      case EventInit.Refused<?>(ExitReason reason) -> new Installed.Not(reason);
      case Failure(ExitReason reason) -> new Installed.Not(reason);
      case null, default -> new Installed.Not(bad(slot, "init", result));
    };
  }

  // ---- going

  /** Removes a handler; the answer is what its terminate returned (GE7). */
  Outcome delete(HandlerId<?> id, @Nullable Object args) {
    int i = find(id);
    return i < 0
        ? missing(id)
        : retire(slots.remove(i), new Removal.Deleted(args), ExitReason.NORMAL);
  }

  /** Removes the handlers of a process that has ended (GE9). */
  void ownerEnded(Pid owner, ExitReason reason) {
    int i = 0;
    while (i < slots.size()) {
      if (owner.equals(slots.get(i).owner())) {
        retire(slots.remove(i), new Removal.OwnerEnded(reason), ExitReason.SHUTDOWN);
      } else {
        i++;
      }
    }
  }

  /** Removes all because the event manager ends. */
  void stop(ExitReason reason) {
    while (!slots.isEmpty()) {
      Slot slot = slots.removeFirst();
      retire(slot, new Removal.ManagerStops(reason), ExitReason.SHUTDOWN);
      Pid owner = slot.owner();
      if (owner != null && !owner.equals(manager.parent())) {
        manager.self().unlink(owner);
      }
    }
  }

  private Handover swapOut(
      Slot old, @Nullable Object args, HandlerId<?> next, @Nullable Pid owner) {
    ExitReason told = ExitReason.of(new HandlerGone.Swapped(next, owner));
    return switch (retire(old, new Removal.Swapped(args), told)) {
      case Outcome.Answer answer -> new Handover.Left(old.id(), answer.value());
      case Outcome.Failed(ExitReason reason) -> new Handover.Left(old.id(), reason);
    };
  }

  private @Nullable Slot fail(Slot slot, @Nullable Object message, ExitReason reason) {
    report(slot, message, reason);
    retire(slot, new Removal.Failed(reason), reason);
    return null;
  }

  /** Ends a handler that is off the list, or soon will be, and tells its owner if that lives. */
  private Outcome retire(Slot slot, Removal why, ExitReason told) {
    Object result = run(() -> slot.terminate(why));
    if (!(why instanceof Removal.OwnerEnded)) {
      tell(slot.owner(), slot.id(), told);
    }
    if (result instanceof Failure(ExitReason reason)) {
      if (!(why instanceof Removal.Deleted)) { // whoever deletes it gets the failure
        report(slot, null, reason);
      }
      return new Outcome.Failed(reason);
    }
    return new Outcome.Answer(result);
  }

  private void tell(@Nullable Pid owner, HandlerId<?> id, ExitReason reason) {
    if (owner != null) {
      manager.self().send(owner, new HandlerGone(manager.self().pid(), id, reason));
    }
  }

  // ---- callbacks

  /** What the code returns, also by way of a throw (GE5), or a {@link Failure}. */
  private @Nullable Object run(Callable<@Nullable Object> code) {
    try {
      return code.call();
    } catch (ControlThrow thrown) {
      return thrown.result();
    } catch (Throwable error) {
      return new Failure(manager.why(error));
    }
  }

  private static ExitReason bad(Slot slot, String callback, @Nullable Object value) {
    return ExitReason.of(new BadReturnValue(slot.callback(callback), value));
  }

  private static Outcome missing(HandlerId<?> id) {
    return new Outcome.Failed(ExitReason.of(new NoHandler(id)));
  }

  /** The place of the newest handler with an id, or -1 (GE2). */
  private int find(HandlerId<?> id) {
    for (int i = 0; i < slots.size(); i++) {
      if (slots.get(i).id().equals(id)) {
        return i;
      }
    }
    return -1;
  }

  // ---- reports

  private void report(Slot slot, @Nullable Object message, ExitReason reason) {
    StatusView raw = new StatusView(slot.stateOrNull(), message, reason, manager.log());
    report(slot.id(), shown(slot, raw));
  }

  private void report(HandlerId<?> id, StatusView view) {
    Context self = manager.self();
    String name = self.info(self.pid()).map(ProcessInfo::name).orElse(null);
    self.report(
        new HandlerCrashed(
            self.pid(), name, id, view.message(), view.state(), view.reason(), view.log()));
  }

  /** What a handler's formatStatus makes of it; never the raw state when that fails (GS25). */
  StatusView shown(Slot slot, StatusView raw) {
    try {
      return slot.format(raw);
    } catch (Throwable error) {
      manager.self().checkpoint();
      String crashed = slot.callback("formatStatus") + " crashed: " + error;
      return new StatusView(crashed, crashed, raw.reason(), List.of());
    }
  }
}
