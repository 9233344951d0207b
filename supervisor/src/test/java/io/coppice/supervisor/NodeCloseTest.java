package io.coppice.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.SpawnOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NodeCloseTest {
  private final List<ExitReason> ends = new CopyOnWriteArrayList<>();

  /** Traps exits, and so sees whether it was shut down or killed. */
  private final class Child implements Reactive {
    @Override
    public void onStart(Context self) {
      self.trapExit(true);
    }

    @Override
    public void onMessage(Context self, Object message) {
      if (message instanceof Exit exit) {
        ends.add(exit.reason());
        self.stop(exit.reason());
      }
    }
  }

  @Test
  @DisplayName("A supervisor whose starter has ended shuts its children down when the node closes")
  void starterHasEnded() throws Exception {
    // An hour: who sits out the time of the shutdown is not waited for.
    NodeOptions options =
        NodeOptions.DEFAULT.withReporter(report -> {}).withShutdownTime(Duration.ofHours(1));
    Node node = Node.start(options);
    CompletableFuture<SupervisorRef> started = new CompletableFuture<>();
    node.spawn(
        self ->
            started.complete(
                Supervisor.oneForOne()
                    .child(ChildSpec.reactive("child", SpawnOptions.DEFAULT, Child::new))
                    .start(self.node())));
    started.get(20, TimeUnit.SECONDS);
    CompletableFuture.runAsync(node::close).get(30, TimeUnit.SECONDS);
    assertEquals(List.of(ExitReason.SHUTDOWN), ends);
  }
}
