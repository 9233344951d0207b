package io.coppice.examples.ledger.load;

import io.coppice.examples.ledger.load.ClientSocket.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The clients of one run. They start with {@link #start} and end after {@link #stop}. */
public final class Load {
  private static final int OPENING_TRIES = 400;
  private final LoadPlan plan;
  private final Meter meter;
  private final AckLog log;
  private final CountDownLatch end = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();

  /**
   * Clients that have not started.
   *
   * @param plan what they do
   * @param meter what they experience
   * @param log what they are told
   */
  public Load(LoadPlan plan, Meter meter, AckLog log) {
    this.plan = plan;
    this.meter = meter;
    this.log = log;
  }

  /**
   * Opens the accounts, then sets the clients going.
   *
   * @throws IOException if an account cannot be opened
   * @throws InterruptedException if the thread is interrupted
   */
  public void start() throws IOException, InterruptedException {
    try (ClientSocket socket = new ClientSocket(plan.port())) {
      for (int i = 0; i < plan.accounts(); i++) {
        open(socket, plan.account(i));
      }
    }
    for (int i = 0; i < plan.clients(); i++) {
      Client client = new Client(i, plan, meter, log, end);
      threads.add(Thread.ofPlatform().name("client-" + i).start(client));
    }
  }

  private static void open(ClientSocket socket, String account)
      throws IOException, InterruptedException {
    String body = "{\"id\":\"%s\",\"deposit\":%d}".formatted(account, LoadPlan.DEPOSIT);
    for (int i = 0; i < OPENING_TRIES; i++) {
      try {
        Response response = socket.exchange("POST", "/accounts", "", body);
        if (response.status() == 201) {
          return;
        }
        if (response.status() < 500) {
          throw new IllegalStateException("cannot open " + account + ": " + response.body());
        }
      } catch (IOException _) {
        // Chaos is at work already.
      }
      Thread.sleep(50);
    }
    throw new IOException("the ledger does not open accounts");
  }

  /**
   * Has every client finish what it is doing, until it knows how that ended, and waits for it.
   *
   * @throws InterruptedException if the thread is interrupted
   */
  public void stop() throws InterruptedException {
    end.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
