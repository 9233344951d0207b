package io.coppice.examples.ledger;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** Waits for SIGTERM or Ctrl-C, and stops the tree in an orderly way before the JVM ends. */
final class Shutdown {
  private Shutdown() {}

  static void await(LedgerServer server) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(server), "shutdown"));
    never.await();
  }

  private static void close(LedgerServer server) {
    try {
      server.close();
    } catch (IOException gone) {
      System.err.println("ledger: " + gone.getMessage());
    }
  }
}
