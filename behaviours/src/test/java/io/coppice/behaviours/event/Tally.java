package io.coppice.behaviours.event;

import io.coppice.behaviours.Call;
import io.coppice.behaviours.event.EventExampleTest.Event;
import io.coppice.kernel.process.Context;

// @start region="handler"
/** Counts what the orders are worth. */
final class Tally implements EventHandler<Event, Tally.Question, Integer> {
  sealed interface Question {}

  record Total() implements Question, Call<Question, Integer> {}

  @Override
  public EventInit<Integer> init(Context self) {
    return EventInit.state(0);
  }

  @Override
  public EventStep<Integer> handleEvent(Event event, Integer total) {
    return switch (event) {
      case Event.Ordered(_, int price) -> EventStep.next(total + price);
      case Event.ShopClosed() -> EventStep.remove();
    };
  }

  @Override
  public EventResult<Integer> handleCall(Question question, Integer total) {
    return switch (question) {
      case Total() -> EventResult.reply(total, total);
    };
  }
}
// @end
