package io.coppice.examples.ledger.load;

import io.coppice.examples.ledger.audit.Acked;
import io.coppice.examples.ledger.load.ClientSocket.Response;
import java.io.IOException;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One client: mostly transfers, some reads, one after the other.
 *
 * <p>A client that has no answer does not know whether its transfer happened. It does what a good
 * client does: sends it again, with the same key, until it knows.
 */
final class Client implements Runnable {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long PAUSE_MAX_MILLIS = 200;
  private final String name;
  private final LoadPlan plan;
  private final Meter meter;
  private final AckLog log;
  private final CountDownLatch end;
  private final SplittableRandom random;
  private final ClientSocket socket;
  private long sent;

  Client(int number, LoadPlan plan, Meter meter, AckLog log, CountDownLatch end) {
    this.name = plan.runId() + '-' + number;
    this.plan = plan;
    this.meter = meter;
    this.log = log;
    this.end = end;
    this.random = new SplittableRandom(plan.seed() + number);
    this.socket = new ClientSocket(plan.port());
  }

  @Override
  public void run() {
    try (socket) {
      while (end.getCount() > 0) {
        if (random.nextInt(100) < 20) {
          read();
        } else {
          transfer();
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() throws InterruptedException {
    Optional<Response> response = ask("GET", "/accounts/" + plan.account(random), "", "");
    if (response.isEmpty() || response.get().status() != 200) {
      meter.promiseBroken();
    }
  }

  private void transfer() throws InterruptedException {
    String from = plan.account(random);
    String to = plan.accountBut(from, random);
    Acked transfer = new Acked(name + '-' + sent++, from, to, 1 + random.nextInt(1000));
    Optional<Response> response = send(transfer);
    switch (response.map(Response::status).orElse(0)) {
      case 201 -> {
        log.add(transfer);
        if (random.nextInt(100) < 3) {
          replay(transfer, response.orElseThrow());
        }
      }
      case 422 -> meter.refused();
      default -> meter.promiseBroken();
    }
  }

  /** The same transfer again must get the same answer, and happen no second time. */
  private void replay(Acked transfer, Response first) throws InterruptedException {
    Optional<Response> second = send(transfer);
    if (second.isPresent() && second.get().body().equals(first.body())) {
      meter.replayed();
    } else {
      meter.promiseBroken();
    }
  }

  private Optional<Response> send(Acked transfer) throws InterruptedException {
    return ask(
        "POST",
        "/transfers",
        "Idempotency-Key: " + transfer.key() + "\r\n",
        "{\"from\":\"%s\",\"to\":\"%s\",\"amount\":%d}"
            .formatted(transfer.from(), transfer.to(), transfer.amount()));
  }

  /** Asks until there is an answer; empty if there was none for very long. */
  private Optional<Response> ask(String method, String path, String headers, String body)
      throws InterruptedException {
    long start = System.nanoTime();
    for (int attempt = 1; System.nanoTime() - start < PATIENCE_NANOS; attempt++) {
      long pause = Math.min(PAUSE_MAX_MILLIS, 2L << Math.min(attempt, 10));
      try {
        Response response = socket.exchange(method, path, headers, body);
        if (response.status() < 500) {
          meter.answered(System.nanoTime() - start);
          return Optional.of(response);
        }
        pause = Math.max(pause, TimeUnit.SECONDS.toMillis(response.retryAfter()));
      } catch (IOException _) {
        // Refused, reset or timed out: what a server in trouble looks like from outside.
      }
      meter.retried();
      Thread.sleep(random.nextLong(pause) + pause / 2);
    }
    return Optional.empty();
  }
}
