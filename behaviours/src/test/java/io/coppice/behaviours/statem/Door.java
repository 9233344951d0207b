package io.coppice.behaviours.statem;

import io.coppice.behaviours.Call;
import io.coppice.behaviours.From;
import io.coppice.kernel.process.Context;
import java.time.Duration;

// @start region="door"
/** A door that opens for ten seconds when the right code is typed. */
final class Door implements GenStatem<Door.Message, Door.State, Door.Lock> {
  enum State {
    LOCKED,
    OPEN
  }

  record Lock(String code, String typed) {}

  sealed interface Message {}

  record Press(char key) implements Message {}

  /** Waits in front of the door until it is open. */
  record Pass(String who) implements Message, Call<Message, String> {}

  @Override
  public Init<State, Lock> init(Context self) {
    return Init.state(State.LOCKED, new Lock("42", ""));
  }

  @Override
  public CallbackMode callbackMode() {
    return CallbackMode.STATE_FUNCTIONS;
  }

  @Override
  public StateFunction<Message, State, Lock> stateFunction(State state) {
    return switch (state) {
      case LOCKED -> this::locked;
      case OPEN -> this::open;
    };
  }

  private Transition<State, Lock> locked(Event<Message> event, Lock lock) {
    return switch (event) {
      case Event.Cast<Message>(Press(char key)) -> press(lock, lock.typed() + key);
      case Event.Call<Message>(Pass pass, var from) ->
          Transition.keepStateAndData(Action.postpone());
      default -> Transition.keepStateAndData();
    };
  }

  private Transition<State, Lock> press(Lock lock, String typed) {
    if (!typed.endsWith(lock.code())) {
      return Transition.keepState(new Lock(lock.code(), typed));
    }
    return Transition.nextState(
        State.OPEN,
        new Lock(lock.code(), ""),
        Action.stateTimeout(Duration.ofSeconds(10), "lock again"));
  }

  private Transition<State, Lock> open(Event<Message> event, Lock lock) {
    return switch (event) {
      case Event.Call<Message>(Pass pass, var from) ->
          Transition.keepStateAndData(
              Action.reply(From.of(pass, from), pass.who() + " has passed"));
      case Event.StateTimeout<Message> closing -> Transition.nextState(State.LOCKED, lock);
      default -> Transition.keepStateAndData();
    };
  }
}
// @end
