package io.coppice.behaviours.server;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.Call;
import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Servers that never block. */
class ServerInlineTest {
  private static final ServerOptions NEVER =
      ServerOptions.DEFAULT.spawn(SpawnOptions.DEFAULT.neverBlocks());

  /** Tells on which thread it runs. */
  private static final class Where implements GenServer<Where.Ask, String> {
    record Ask() implements Call<Ask, Thread> {}

    @Override
    public Init<String> init(Context self) {
      return Init.state("");
    }

    @Override
    public Result<String> handleCall(Ask request, Request from, String state) {
      return Result.reply(Thread.currentThread(), state);
    }
  }

  /** Waits in init. */
  private static final class Sleeper implements GenServer<String, String> {
    @Override
    public Init<String> init(Context self) {
      self.sleep(Duration.ofMillis(1));
      return Init.state("started");
    }

    @Override
    public Result<String> handleCall(String request, Request from, String state) {
      return Result.reply(state, state);
    }
  }

  @Test
  @DisplayName("a server that never blocks answers on its caller's thread, and stops as ever")
  void inline() throws Exception {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    try (Node node = Node.start(NodeOptions.DEFAULT.withSchedulers(1))) {
      node.spawn(
          self -> {
            try {
              ServerRef<Counter.Message> counter =
                  GenServer.start(self, Counter::new, NEVER).orThrow();
              counter.cast(new Counter.Reset(40));
              assertEquals(41, counter.call(new Counter.Add(1)));
              assertEquals(42, counter.call(new Counter.Add(1)));
              assertEquals(42, counter.sys().getState());
              counter.stop();
              ServerRef<Where.Ask> where = GenServer.start(self, Where::new, NEVER).orThrow();
              boolean mine = Thread.currentThread().equals(where.call(new Where.Ask()));
              for (int i = 0; i < 1_000 && !mine; i++) { // the turn of its start may go on
                self.yieldNow();
                mine = Thread.currentThread().equals(where.call(new Where.Ask()));
              }
              assertTrue(mine);
              done.complete(true);
            } catch (Throwable thrown) {
              done.completeExceptionally(thrown);
              throw thrown;
            }
          });
      assertTrue(done.get(20, SECONDS));
    }
  }

  @Test
  @DisplayName("the init of a server that never blocks is refused to wait, and the start fails")
  void init() {
    try (Node node = Node.start()) {
      ServerStart.Failed<?> failed =
          assertInstanceOf(ServerStart.Failed.class, GenServer.start(node, Sleeper::new, NEVER));
      ExitReason.Crashed crash = assertInstanceOf(ExitReason.Crashed.class, failed.reason());
      assertTrue(String.valueOf(crash.error().getMessage()).contains("sleep"), crash.toString());
    }
  }
}
