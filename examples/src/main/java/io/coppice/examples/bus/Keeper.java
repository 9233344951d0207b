package io.coppice.examples.bus;

import io.coppice.behaviours.Call;
import io.coppice.behaviours.event.EventRef;
import io.coppice.behaviours.event.HandlerGone;
import io.coppice.behaviours.event.HandlerId;
import io.coppice.behaviours.server.Action;
import io.coppice.behaviours.server.GenServer;
import io.coppice.behaviours.server.Init;
import io.coppice.behaviours.server.Result;
import io.coppice.behaviours.server.Step;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Request;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Owns a handler of the event manager {@code bus}: puts it in, and puts it back when it has failed,
 * after a pause that doubles with each failure. One that then stays for {@link #STEADY} pauses
 * begins anew.
 *
 * <p>What happens meanwhile the handler misses, and what it knew is gone; the others miss nothing.
 *
 * @param <Q> what the handler can be asked
 */
final class Keeper<Q> implements GenServer<Keeper.Message, Keeper.State> {
  /** How many of the first pauses a handler must stay for its failures to be forgotten. */
  static final int STEADY = 100;

  private static final int DOUBLINGS = 8;

  sealed interface Message {}

  /** Is answered when the handler is in its place: how often it has failed, one time on another. */
  record AwaitUp() implements Message, Call<Message, Integer> {}

  /**
   * How it stands.
   *
   * @param up whether the handler is in its place
   * @param since when it was put there last, in nanoseconds on the node's clock
   * @param failures how often it has failed, one time on another
   * @param waiting who is to be told when it is up
   */
  record State(boolean up, long since, int failures, List<Request> waiting) {}

  private enum PutIn {
    NOW
  }

  private final HandlerId<Q> id;
  private final Supplier<? extends Listener<Q, ?>> code;
  private final Duration firstPause;
  private Context self;

  @SuppressWarnings("NullAway.Init") // init comes before everything else
  Keeper(HandlerId<Q> id, Supplier<? extends Listener<Q, ?>> code, Duration firstPause) {
    this.id = id;
    this.code = code;
    this.firstPause = firstPause;
  }

  @Override
  public Init<State> init(Context context) {
    self = context;
    self.trapExit(true); // a manager that crashes is for the supervisor, which starts both again
    return Init.state(new State(false, 0, 0, List.of()), Action.continueWith(PutIn.NOW));
  }

  @Override
  public Result<State> handleCall(Message request, Request from, State state) {
    if (state.up()) {
      return Result.reply(state.failures(), state);
    }
    List<Request> waiting = Stream.concat(state.waiting().stream(), Stream.of(from)).toList();
    return Result.noReply(new State(false, state.since(), state.failures(), waiting));
  }

  @Override
  public Step<State> handleContinue(Object term, State state) {
    return putIn(state);
  }

  @Override
  public Step<State> handleInfo(Object message, State state) {
    return switch (message) {
      case PutIn now -> putIn(state);
      case HandlerGone gone when gone.reason().equals(ExitReason.NORMAL) ->
          Step.stop(ExitReason.NORMAL, state); // somebody has deleted it
      case HandlerGone gone when gone.reason().equals(ExitReason.SHUTDOWN) -> Step.next(state);
      case HandlerGone gone -> later(state);
      case Exit managerGone -> Step.next(state);
      default -> Step.unhandled(state);
    };
  }

  private Step<State> putIn(State state) {
    try {
      EventRef.<Event>named(self, "bus").addSupervised(self, id, code);
    } catch (CallFailed failed) {
      return later(state);
    }
    state.waiting().forEach(request -> request.reply(state.failures()));
    return Step.next(new State(true, self.monotonicNanos(), state.failures(), List.of()));
  }

  private Step<State> later(State state) {
    long stayed = state.up() ? self.monotonicNanos() - state.since() : 0;
    boolean steady = stayed >= firstPause.toNanos() * STEADY;
    int failures = steady ? 1 : state.failures() + 1;
    Duration pause = firstPause.multipliedBy(1L << Math.min(failures - 1, DOUBLINGS));
    self.sendAfter(pause, self.pid(), PutIn.NOW);
    return Step.next(new State(false, state.since(), failures, state.waiting()));
  }
}
