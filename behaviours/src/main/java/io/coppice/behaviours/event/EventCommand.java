package io.coppice.behaviours.event;

import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.StandingOrder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What an {@link EventRef} asks an event manager: the payloads of its calls. */
sealed interface EventCommand {
  /** To answer when all handlers have seen the event. */
  record SyncNotify(Object event) implements EventCommand, StandingOrder {
    @Override
    public boolean stands() {
      return EventCommand.stands(event);
    }
  }

  /** To install a handler, for the calling process if it is the owner. */
  record Add(HandlerId<?> id, Supplier<? extends EventHandler<?, ?, ?>> code, @Nullable Pid owner)
      implements EventCommand {}

  /** To remove a handler; the answer is what its terminate returns. */
  record Delete(HandlerId<?> id, @Nullable Object args) implements EventCommand {}

  /** To replace a handler by another one. */
  record Swap(HandlerId<?> old, @Nullable Object args, Add next) implements EventCommand {}

  /** To have a handler answer. */
  record Ask(HandlerId<?> id, Object question) implements EventCommand, StandingOrder {
    @Override
    public boolean stands() {
      return EventCommand.stands(question);
    }
  }

  /** The ids of the handlers, newest first. */
  record Which() implements EventCommand {}

  private static boolean stands(Object inside) {
    return inside instanceof StandingOrder order && order.stands();
  }
}
