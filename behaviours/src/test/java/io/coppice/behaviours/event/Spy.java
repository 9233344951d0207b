package io.coppice.behaviours.event;

import io.coppice.behaviours.Call;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Pid;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A handler that does what events, calls and messages say. What it sees otherwise it tells its
 * watcher.
 */
class Spy implements EventHandler<Spy.Event, Spy.Question, Object> {
  sealed interface Event {}

  /** All of them see it. */
  record Note(Object what) implements Event {}

  /** One of them handles it so; the others say nothing. */
  record Do(String name, Told body) implements Event {}

  sealed interface Question {}

  record Ask(Asked body) implements Question, Call<Question, Object> {}

  interface Told {
    @Nullable EventStep<Object> handle(Object state) throws Exception;
  }

  interface Asked {
    @Nullable EventResult<Object> handle(Object state) throws Exception;
  }

  /** What the watcher gets. */
  record Seen(String name, String callback, @Nullable Object what, Object state) {}

  private final String name;
  private final Pid watcher;
  private @Nullable Context self;

  Spy(String name, Pid watcher) {
    this.name = name;
    this.watcher = watcher;
  }

  static HandlerId<Question> id(String name) {
    return HandlerId.of(Spy.class, name);
  }

  static EventRef<Event> start(Context watcher) {
    return start(watcher, EventOptions.DEFAULT);
  }

  static EventRef<Event> start(Context watcher, EventOptions options) {
    return GenEvent.<Event>start(watcher, options).orThrow();
  }

  /** An event manager with handlers, the last one newest. */
  static EventRef<Event> with(Context watcher, String... names) {
    EventRef<Event> events = start(watcher);
    for (String name : names) {
      add(watcher, events, name);
    }
    return events;
  }

  static void add(Context watcher, EventRef<Event> events, String name) {
    Pid pid = watcher.pid();
    events.add(id(name), () -> new Spy(name, pid));
  }

  static Pid pid(EventRef<?> events) {
    return events.whereis().orElseThrow();
  }

  /** A call that is answered with the state. */
  static Ask get() {
    return new Ask(state -> EventResult.reply(state, state));
  }

  /** An event that changes the state of one. */
  static Do set(String name, Object value) {
    return new Do(name, state -> EventStep.next(value));
  }

  static List<HandlerId<?>> ids(String... names) {
    return Stream.of(names).<HandlerId<?>>map(Spy::id).toList();
  }

  String name() {
    return name;
  }

  @Override
  public EventInit<Object> init(Context context) throws Exception {
    self = context;
    return EventInit.state("initial");
  }

  @Override
  public EventInit<Object> init(Context context, Handover from) throws Exception {
    self = context;
    return EventInit.state(from);
  }

  @Override
  @SuppressWarnings("NullAway") // bad returns are what some tests are about
  public EventStep<Object> handleEvent(Event event, Object state) throws Exception {
    return switch (event) {
      case Note(Object what) -> {
        seen("event", what, state);
        yield EventStep.next(state);
      }
      case Do(String whom, Told body) ->
          whom.equals(name) ? body.handle(state) : EventStep.next(state);
    };
  }

  @Override
  @SuppressWarnings("NullAway") // as above
  public EventResult<Object> handleCall(Question question, Object state) throws Exception {
    return switch (question) {
      case Ask(Asked body) -> body.handle(state);
    };
  }

  @Override
  @SuppressWarnings("NullAway") // as above
  public EventStep<Object> handleInfo(Object message, Object state) throws Exception {
    if (message instanceof Do(String whom, Told body)) {
      return whom.equals(name) ? body.handle(state) : EventStep.next(state);
    }
    seen("info", message, state);
    return EventStep.next(state);
  }

  @Override
  public @Nullable Object terminate(Removal why, Object state) throws Exception {
    seen("terminate", why, state);
    return name + " is gone";
  }

  final void seen(String callback, @Nullable Object what, Object state) {
    Context context = self;
    if (context != null) {
      context.send(watcher, new Seen(name, callback, what, state));
    }
  }
}
