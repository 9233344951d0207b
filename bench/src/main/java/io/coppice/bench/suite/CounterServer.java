package io.coppice.bench.suite;

import io.coppice.behaviours.Call;
import io.coppice.behaviours.server.GenServer;
import io.coppice.behaviours.server.Init;
import io.coppice.behaviours.server.Result;
import io.coppice.behaviours.server.ServerOptions;
import io.coppice.behaviours.server.ServerRef;
import io.coppice.behaviours.server.Step;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Request;

/** The server of the workloads about calls and casts. */
public final class CounterServer implements GenServer<CounterServer.Message, Integer> {
  /** What it understands. */
  public sealed interface Message {}

  /** Adds one and answers the new value. */
  public record Increment() implements Message, Call<Message, Integer> {}

  /** Answers the value. */
  public record Get() implements Message, Call<Message, Integer> {}

  /** Adds one. */
  public record Add() implements Message {}

  /** The request for it. */
  public static final Increment INCREMENT = new Increment();

  static final Get GET = new Get();
  static final Add ADD = new Add();

  /**
   * Starts one that nobody is linked with.
   *
   * @param node where
   * @return its handle
   */
  public static ServerRef<Message> start(Processes node) {
    return GenServer.start(node, CounterServer::new, ServerOptions.DEFAULT).orThrow();
  }

  @Override
  public Init<Integer> init(Context self) {
    return Init.state(0);
  }

  @Override
  public Result<Integer> handleCall(Message request, Request from, Integer count) {
    return switch (request) {
      case Increment() -> Result.reply(count + 1, count + 1);
      case Get() -> Result.reply(count, count);
      case Add() -> throw new IllegalArgumentException("Add is a cast");
    };
  }

  @Override
  public Step<Integer> handleCast(Message message, Integer count) {
    return Step.next(count + 1);
  }
}
