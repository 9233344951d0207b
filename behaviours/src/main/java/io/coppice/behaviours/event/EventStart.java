package io.coppice.behaviours.event;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import org.jspecify.annotations.Nullable;

/**
 * What came of starting an event manager (semantics G1–G9, GE14).
 *
 * @param <E> the events
 */
public sealed interface EventStart<E> {
  /**
   * The event manager is up, without any handler.
   *
   * @param events its handle, bound to this process
   * @param pid its pid
   * @param monitor the monitor of a {@code startMonitor}, else null
   * @param <E> the events
   */
  record Started<E>(EventRef<E> events, Pid pid, @Nullable Ref monitor) implements EventStart<E> {}

  /**
   * It did not come up: there is no {@code init} that could fail, but it was killed meanwhile, or
   * the time was over (GE14).
   *
   * @param reason why
   * @param <E> the events
   */
  record Failed<E>(ExitReason reason) implements EventStart<E> {}

  /**
   * The name is taken; nothing was started (G4).
   *
   * @param holder the process that has the name
   * @param <E> the events
   */
  record AlreadyStarted<E>(Pid holder) implements EventStart<E> {}

  /**
   * The event manager, for those who cannot do without.
   *
   * @return its handle
   * @throws CallFailed with the reason if it did not come up
   * @throws NameTaken if the name is taken
   */
  default EventRef<E> orThrow() {
    return switch (this) {
      case Started<E> started -> started.events();
      case Failed<E>(ExitReason reason) -> throw new CallFailed(reason, "GenEvent.start");
      case AlreadyStarted<E>(Pid holder) ->
          throw new NameTaken("the name belongs to " + holder + " already", holder);
    };
  }
}
