package io.coppice.behaviours.statem;

import io.coppice.behaviours.Call;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A machine that does what its events say: the content of an event carries the body of its handler.
 * It keeps a trace of what it has seen, and begins in state "a" with data "data".
 */
class Probe implements GenStatem<Probe.Message, String, Object> {
  sealed interface Message {}

  /** An event that says what is to be done with it; a call of it is answered by that. */
  record Do(String name, Body body) implements Message, Call<Message, Object> {
    @Override
    public String toString() {
      return name;
    }
  }

  /** An event that means nothing; a call of it is answered with the state. */
  record Plain(String name) implements Message, Call<Message, Object> {
    @Override
    public String toString() {
      return name;
    }
  }

  interface Body {
    @Nullable Transition<String, Object> handle(Event<Message> event, String state, Object data)
        throws Exception;
  }

  final List<String> trace;
  CallbackMode mode = CallbackMode.HANDLE_EVENT;
  private @Nullable Context self;

  Probe(List<String> trace) {
    this.trace = trace;
  }

  Probe mode(CallbackMode value) {
    mode = value;
    return this;
  }

  static StatemRef<Message> start(Context watcher, List<String> trace) {
    return start(watcher, new Probe(trace));
  }

  static StatemRef<Message> start(Context watcher, Probe probe) {
    return GenStatem.<Message, String, Object>start(watcher, () -> probe).orThrow();
  }

  static Pid pid(StatemRef<?> machine) {
    return machine.whereis().orElseThrow();
  }

  /** An event that leads to that whenever it is handled. */
  static Do does(String name, @Nullable Transition<String, Object> result) {
    return new Do(name, (event, state, data) -> result);
  }

  static Do doing(String name, Body body) {
    return new Do(name, body);
  }

  /** An event that changes the state. */
  static Do go(String state, Action... actions) {
    return does("go", Transition.nextState(state, "data", actions));
  }

  /** An event that keeps the state. */
  static Do keep(String name, Action... actions) {
    return does(name, Transition.keepStateAndData(actions));
  }

  /** An event that is postponed in state "a". */
  static Do postponed(String name) {
    return doing(
        name,
        (event, state, data) ->
            state.equals("a")
                ? Transition.keepStateAndData(Action.postpone())
                : Transition.keepStateAndData());
  }

  static Plain plain(String name) {
    return new Plain(name);
  }

  static Action internal(String name) {
    return Action.internal(plain(name));
  }

  /** Has the machine find all those messages waiting when it begins with the first. */
  static void together(StatemRef<Message> machine, Message... messages) {
    machine.sys().suspend();
    for (Message message : messages) {
      machine.cast(message);
    }
    machine.sys().resume();
  }

  /** Waits until the machine has handled what it has, and gives what it has seen. */
  static List<String> seen(StatemRef<Message> machine, List<String> trace) {
    machine.sys().getState();
    List<String> seen = List.copyOf(trace);
    trace.clear();
    return seen;
  }

  @Override
  public Init<String, Object> init(Context context) throws Exception {
    self = context;
    return Init.state("a", "data");
  }

  @Override
  public CallbackMode callbackMode() {
    return mode;
  }

  @Override
  @SuppressWarnings("NullAway") // bad returns are what some tests are about
  public Transition<String, Object> handleEvent(Event<Message> event, String state, Object data)
      throws Exception {
    trace.add(text(event));
    return switch (event) {
      case Event.Call<Message>(Do(String name, Body body), var from) ->
          body.handle(event, state, data);
      case Event.Call<Message>(var request, var from) ->
          Transition.keepStateAndData(Action.reply(from, state));
      case Event.Cast<Message>(Do(String name, Body body)) -> body.handle(event, state, data);
      case Event.Info<Message>(Do(String name, Body body)) -> body.handle(event, state, data);
      case Event.Internal<Message>(Do(String name, Body body)) -> body.handle(event, state, data);
      case Event.StateTimeout<Message>(Do(String name, Body body)) ->
          body.handle(event, state, data);
      default -> Transition.keepStateAndData();
    };
  }

  @Override
  public StateFunction<Message, String, Object> stateFunction(String state) {
    StateFunction<Message, String, Object> events =
        (event, data) -> handleEvent(event, state, data);
    return events.onEnter((oldState, data) -> handleEnter(oldState, state, data));
  }

  @Override
  public EnterResult<String, Object> handleEnter(String oldState, String state, Object data) {
    trace.add("enter " + oldState + " " + state);
    return EnterResult.keepStateAndData();
  }

  @Override
  public void terminate(ExitReason reason, String state, Object data) throws Exception {
    trace.add("terminate " + reason + " " + state + " " + data);
  }

  final Context self() {
    Context context = self;
    if (context == null) {
      throw new IllegalStateException("init has not run");
    }
    return context;
  }

  static String text(Event<?> event) {
    return switch (event) {
      case Event.Call<?>(var request, var from) -> "call " + request;
      case Event.Cast<?>(var message) -> "cast " + message;
      case Event.Info<?>(var message) -> "info " + message;
      case Event.Internal<?>(var content) -> "internal " + content;
      case Event.EventTimeout<?>(var content) -> "timeout " + content;
      case Event.StateTimeout<?>(var content) -> "state_timeout " + content;
      case Event.Timeout<?>(var name, var content) -> "{timeout, " + name + "} " + content;
    };
  }

  static List<String> newTrace() {
    return new ArrayList<>();
  }
}
