package io.coppice.examples.bus;

import io.coppice.behaviours.Call;
import io.coppice.behaviours.event.EventInit;
import io.coppice.behaviours.event.EventResult;
import io.coppice.behaviours.event.EventStep;
import io.coppice.kernel.process.Context;

/** Counts events. */
final class Tally implements Listener<Tally.Question, Integer> {
  sealed interface Question {}

  /** How many there were. */
  record Total() implements Question, Call<Question, Integer> {}

  @Override
  public EventInit<Integer> init(Context self) {
    return EventInit.state(0);
  }

  @Override
  public EventStep<Integer> handleEvent(Event event, Integer total) {
    return EventStep.next(total + 1);
  }

  @Override
  public EventResult<Integer> handleCall(Question question, Integer total) {
    return switch (question) {
      case Total() -> EventResult.reply(total, total);
    };
  }
}
