package io.coppice.behaviours.server;

import io.coppice.behaviours.Call;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Request;
import org.jspecify.annotations.Nullable;

/**
 * A server that does what its clients say: a request carries the body of the callback. What it sees
 * otherwise it tells its watcher.
 */
class Probe implements GenServer<Probe.Message, Object> {
  sealed interface Message {}

  /** Has handleCall do something. */
  record Ask(Asked body) implements Message, Call<Message, Object> {}

  /** Has handleCast do something. */
  record Tell(Told body) implements Message {}

  interface Asked {
    @Nullable Result<Object> handle(Request from, Object state) throws Exception;
  }

  interface Told {
    @Nullable Step<Object> handle(Object state) throws Exception;
  }

  /** What the watcher gets. */
  record Seen(String callback, @Nullable Object what, Object state) {}

  private final Pid watcher;
  private @Nullable Context self;

  Probe(Context watcher) {
    this.watcher = watcher.pid();
  }

  static Ask ask(Asked body) {
    return new Ask(body);
  }

  /** A call that is answered with the state. */
  static Ask get() {
    return new Ask((from, state) -> Result.reply(state, state));
  }

  static Tell tell(Told body) {
    return new Tell(body);
  }

  /** A message that makes the server reply to an earlier call. */
  static Tell replying(Request from, Object answer) {
    return new Tell(
        state -> {
          from.reply(answer);
          return Step.next(state);
        });
  }

  static ServerRef<Message> start(Context watcher) {
    return start(watcher, ServerOptions.DEFAULT);
  }

  static ServerRef<Message> start(Context watcher, ServerOptions options) {
    return GenServer.start(watcher, () -> new Probe(watcher), options).orThrow();
  }

  static Pid pid(ServerRef<?> server) {
    return server.whereis().orElseThrow();
  }

  @Override
  public Init<Object> init(Context context) throws Exception {
    self = context;
    return Init.state("initial");
  }

  @Override
  @SuppressWarnings("NullAway") // bad returns are what some tests are about
  public Result<Object> handleCall(Message request, Request from, Object state) throws Exception {
    return request instanceof Ask ask
        ? ask.body().handle(from, state)
        : GenServer.super.handleCall(request, from, state);
  }

  @Override
  @SuppressWarnings("NullAway") // as above
  public Step<Object> handleCast(Message message, Object state) throws Exception {
    return message instanceof Tell tell
        ? tell.body().handle(state)
        : GenServer.super.handleCast(message, state);
  }

  @Override
  @SuppressWarnings("NullAway") // as above
  public Step<Object> handleInfo(Object message, Object state) throws Exception {
    if (message instanceof Tell(Told body)) {
      return body.handle(state);
    }
    seen("info", message, state);
    return Step.next(state);
  }

  @Override
  @SuppressWarnings("NullAway") // as above
  public Step<Object> handleContinue(Object term, Object state) throws Exception {
    seen("continue", term, state);
    return term instanceof Tell tell ? tell.body().handle(state) : Step.next(state);
  }

  @Override
  public void terminate(ExitReason reason, Object state) throws Exception {
    seen("terminate", reason, state);
  }

  final void seen(String callback, @Nullable Object what, Object state) {
    Context context = self;
    if (context != null) {
      context.send(watcher, new Seen(callback, what, state));
    }
  }
}
