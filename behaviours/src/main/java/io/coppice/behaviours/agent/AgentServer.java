package io.coppice.behaviours.agent;

import io.coppice.behaviours.BadReturnValue;
import io.coppice.behaviours.Call;
import io.coppice.behaviours.server.GenServer;
import io.coppice.behaviours.server.Init;
import io.coppice.behaviours.server.Result;
import io.coppice.behaviours.server.Step;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Request;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The process of an {@link Agent}.
 *
 * <p>The functions come from handles whose type of the state is their user's word ({@link
 * Agent#named}), so it is not checked here: a function that does not fit ends the agent with the
 * {@link ClassCastException} it gets.
 */
final class AgentServer<S> implements GenServer<AgentServer.Message, S> {
  private final Callable<? extends S> first;

  AgentServer(Callable<? extends S> first) {
    this.first = first;
  }

  /** What an agent is asked. */
  sealed interface Message {}

  /** The answer is what the function returns. */
  record Get<R extends @Nullable Object>(Function<?, ?> reader)
      implements Message, Call<Message, R> {
    @Override
    public String toString() {
      return "Agent.get";
    }
  }

  /** As a call it is answered when it is done; as a cast it is not. */
  record Update(UnaryOperator<?> change) implements Message, Call<Message, Boolean> {
    @Override
    public String toString() {
      return "Agent.update";
    }
  }

  /** The answer is that of the {@link Agent.Step}. */
  record GetAndUpdate<R extends @Nullable Object>(Function<?, ?> step)
      implements Message, Call<Message, R> {
    @Override
    public String toString() {
      return "Agent.getAndUpdate";
    }
  }

  @Override
  public Init<S> init(Context self) throws Exception {
    S state = first.call();
    return state == null ? Init.stop(bad("start", null)) : Init.state(state);
  }

  @Override
  public Result<S> handleCall(Message request, Request from, S state) {
    return switch (request) {
      case Get<?>(var reader) -> Result.reply(run(reader, state), state);
      case Update(var change) -> {
        Object next = run(change, state);
        yield next == null ? bad("update", null, state) : Result.reply(true, trusted(next));
      }
      case GetAndUpdate<?>(var step) -> {
        Object result = run(step, state);
        yield result instanceof Agent.Step<?, ?>(var answer, var next) && next != null
            ? Result.reply(answer, trusted(next))
            : bad("getAndUpdate", result, state);
      }
    };
  }

  @Override
  public Step<S> handleCast(Message message, S state) {
    if (message instanceof Update(var change)) {
      Object next = run(change, state);
      return next == null ? bad("cast", null, state) : Step.next(trusted(next));
    }
    throw new IllegalArgumentException(message + " wants an answer: it is no cast");
  }

  private Step<S> bad(String operation, @Nullable Object result, S state) {
    return Step.stop(bad(operation, result), state);
  }

  private static ExitReason bad(String operation, @Nullable Object result) {
    return ExitReason.of(new BadReturnValue("the function of Agent." + operation, result));
  }

  @SuppressWarnings("unchecked") // see the class comment
  private @Nullable Object run(Function<?, ?> function, S state) {
    return ((Function<Object, @Nullable Object>) function).apply(state);
  }

  @SuppressWarnings("unchecked") // see the class comment
  private S trusted(Object state) {
    return (S) state;
  }
}
