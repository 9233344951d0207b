package io.coppice.examples.bus;

import io.coppice.behaviours.Call;
import io.coppice.behaviours.event.EventInit;
import io.coppice.behaviours.event.EventResult;
import io.coppice.behaviours.event.EventStep;
import io.coppice.kernel.process.Context;
import java.util.List;
import java.util.stream.Stream;

/** Writes to customers when something is shipped, and fails when one has no address. */
final class Mailer implements Listener<Mailer.Question, List<String>> {
  sealed interface Question {}

  /** What was written since the mailer came. */
  record Letters() implements Question, Call<Question, List<String>> {}

  @Override
  public EventInit<List<String>> init(Context self) {
    return EventInit.state(List.of());
  }

  @Override
  public EventStep<List<String>> handleEvent(Event event, List<String> letters) {
    return switch (event) {
      case Event.Ordered _ -> EventStep.next(letters);
      case Event.Shipped(String customer, String item) -> {
        String letter = "to " + address(customer) + ": the " + item + " is on its way";
        yield EventStep.next(Stream.concat(letters.stream(), Stream.of(letter)).toList());
      }
    };
  }

  private static String address(String customer) {
    if (!customer.contains("@")) {
      throw new IllegalArgumentException("no address: " + customer);
    }
    return customer;
  }

  @Override
  public EventResult<List<String>> handleCall(Question question, List<String> letters) {
    return switch (question) {
      case Letters() -> EventResult.reply(letters, letters);
    };
  }
}
