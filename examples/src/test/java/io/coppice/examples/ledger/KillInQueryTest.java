package io.coppice.examples.ledger;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.SpawnOptions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A process that is killed while its database computes, in native code that keeps its thread. */
class KillInQueryTest {
  private static final String ENDLESS =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

  @Test
  @DisplayName("a victim in a query without end is cut off, and is a zombie until it is cancelled")
  void killed() throws Exception {
    NodeOptions options =
        NodeOptions.DEFAULT
            .withSchedulers(1)
            .withShutdownTime(Duration.ZERO)
            .withReporter(report -> {});
    try (Node node = Node.start(options);
        Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        Statement statement = connection.createStatement()) {
      CountDownLatch running = new CountDownLatch(1);
      CompletableFuture<String> returned = new CompletableFuture<>();
      Pid victim =
          node.spawn(
              self -> {
                running.countDown();
                try {
                  statement.executeQuery(ENDLESS).close();
                } finally {
                  returned.complete("returned");
                }
              },
              SpawnOptions.DEFAULT.name("query"));
      assertTrue(running.await(20, SECONDS));
      CompletableFuture<ExitReason> reason = new CompletableFuture<>();
      node.spawn(
          self -> {
            self.monitor(victim);
            self.exit(victim, ExitReason.KILL);
            reason.complete(((Down) self.receive()).reason());
          });
      assertEquals(ExitReason.KILLED, reason.get(20, SECONDS));
      assertTrue(node.whereis("query").isEmpty());
      assertFalse(returned.isDone());
      await("it computes")
          .atMost(20, SECONDS)
          .until(() -> node.zombies().getFirst().stack().toString().contains("sqlite"));
      await("it is cancelled")
          .atMost(20, SECONDS)
          .until(
              () -> {
                statement.cancel(); // which does nothing to a query that has not quite begun
                return returned.isDone();
              });
    }
  }
}
