package io.coppice.bench.latency;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** Threads of the JDK: the server reads a queue and completes futures. */
final class ThreadContender implements Contender {
  private final BlockingQueue<CompletableFuture<Integer>> requests = new LinkedBlockingQueue<>();
  private final BlockingQueue<Due> due = new LinkedBlockingQueue<>();
  private final Thread.Builder threads;
  private final Thread server;
  private final Thread client;

  /** Of one kind; platform threads must be daemons, for a loop might not end. */
  ThreadContender(Thread.Builder threads) {
    this.threads = threads;
    server = threads.start(() -> untilInterrupted(this::serve));
    client = threads.start(() -> untilInterrupted(this::makeCalls));
  }

  private interface Code {
    void run() throws InterruptedException;
  }

  private static void untilInterrupted(Code code) {
    try {
      code.run();
    } catch (InterruptedException closed) {
      // that is how it ends
    }
  }

  private void serve() throws InterruptedException {
    for (int count = 1; ; count++) {
      requests.take().complete(count);
    }
  }

  private void makeCalls() throws InterruptedException {
    while (true) {
      Due next = due.take();
      CompletableFuture<Integer> answer = new CompletableFuture<>();
      requests.put(answer);
      next.answered(answer.join());
    }
  }

  @Override
  public void call(Due call) {
    due.add(call);
  }

  @Override
  public void hogs(int count, Runnable loop) {
    for (int i = 0; i < count; i++) {
      threads.start(loop);
    }
  }

  @Override
  public void close() {
    client.interrupt();
    server.interrupt();
  }
}
