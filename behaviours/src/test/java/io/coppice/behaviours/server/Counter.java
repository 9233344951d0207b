package io.coppice.behaviours.server;

import io.coppice.behaviours.Call;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Request;

// @start region="counter"
/** Counts. */
final class Counter implements GenServer<Counter.Message, Integer> {
  sealed interface Message {}

  record Add(int amount) implements Message, Call<Message, Integer> {}

  record Reset(int to) implements Message {}

  @Override
  public Init<Integer> init(Context self) {
    return Init.state(0);
  }

  @Override
  public Result<Integer> handleCall(Message request, Request from, Integer count) {
    return switch (request) {
      case Add(int amount) -> Result.reply(count + amount, count + amount);
      case Reset reset -> throw new IllegalArgumentException(reset + " is a cast");
    };
  }

  @Override
  public Step<Integer> handleCast(Message message, Integer count) {
    return switch (message) {
      case Reset(int to) -> Step.next(to);
      case Add(int amount) -> Step.next(count + amount);
    };
  }
}
// @end
