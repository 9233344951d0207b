package io.coppice.examples.bus;

import io.coppice.behaviours.event.EventHandler;
import io.coppice.behaviours.event.EventStep;
import io.coppice.kernel.process.Exit;

/**
 * A handler on the bus. The event manager is linked with the keepers of all handlers, so each
 * handler learns of the end of the others' keepers, and is not concerned.
 *
 * @param <Q> what it can be asked
 * @param <S> its state
 */
interface Listener<Q, S> extends EventHandler<Event, Q, S> {
  @Override
  default EventStep<S> handleInfo(Object message, S state) {
    return message instanceof Exit ? EventStep.next(state) : EventStep.unhandled(state);
  }
}
