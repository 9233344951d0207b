package io.coppice.behaviours.event;

import io.coppice.behaviours.StatusView;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Pid;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One handler with its state. Used by the event manager's process only.
 *
 * <p>The types are those of the callbacks by construction: only an {@link EventRef} of the same
 * events sends them, only a {@link HandlerId} of the handler's questions lets them be asked, and
 * only results of the callbacks become states (or {@code Sys.replaceState}, at its user's risk).
 * That is what the unchecked casts rely on.
 */
final class Slot {
  private final HandlerId<?> id;
  private final @Nullable Pid owner;
  private EventHandler<Object, Object, Object> code;
  private @Nullable Object state;

  @SuppressWarnings("unchecked") // see the class comment
  Slot(HandlerId<?> id, EventHandler<?, ?, ?> code, @Nullable Pid owner) {
    this.id = id;
    this.code = (EventHandler<Object, Object, Object>) code;
    this.owner = owner;
  }

  HandlerId<?> id() {
    return id;
  }

  @Nullable Pid owner() {
    return owner;
  }

  /** Null until init went well. */
  @Nullable Object stateOrNull() {
    return state;
  }

  Object state() {
    return Objects.requireNonNull(state, "init has not run");
  }

  void state(@Nullable Object value) {
    state = Objects.requireNonNull(value, "the state of a handler is never null");
  }

  /** For reports of what a callback returned. */
  String callback(String name) {
    return code.getClass().getName() + "." + name;
  }

  // ---- callbacks; they may return null, whatever they promise

  @Nullable Object init(Context self, @Nullable Handover from) throws Exception {
    return from == null ? code.init(self) : code.init(self, from);
  }

  @Nullable Object event(Object event) throws Exception {
    return code.handleEvent(event, state());
  }

  @Nullable Object call(Object question) throws Exception {
    return code.handleCall(question, state());
  }

  @Nullable Object info(Object message) throws Exception {
    return code.handleInfo(message, state());
  }

  @Nullable Object terminate(Removal why) throws Exception {
    return code.terminate(why, state());
  }

  @Nullable Object codeChange(
      @Nullable EventHandler<?, ?, ?> next, @Nullable Object oldVersion, @Nullable Object extra)
      throws Exception {
    return codeOr(next).codeChange(oldVersion, state(), extra);
  }

  void migrate(@Nullable EventHandler<?, ?, ?> next, Object migrated) {
    code = codeOr(next);
    state = migrated;
  }

  @SuppressWarnings("unchecked") // see the class comment
  private EventHandler<Object, Object, Object> codeOr(@Nullable EventHandler<?, ?, ?> next) {
    return next == null ? code : (EventHandler<Object, Object, Object>) next;
  }

  StatusView format(StatusView view) throws Exception {
    return Objects.requireNonNull(code.formatStatus(view), "formatStatus returned null");
  }
}
