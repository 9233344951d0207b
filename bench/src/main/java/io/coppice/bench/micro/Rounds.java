package io.coppice.bench.micro;

import io.coppice.bench.measure.Knobs;
import io.coppice.kernel.Node;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Request;
import java.util.concurrent.CompletableFuture;

/**
 * A node, a server on it, and rounds of work that a process does with it. A round is long, so that
 * the start of its process and the thread that waits for its end count for nothing.
 */
final class Rounds implements AutoCloseable {
  /** Operations of a round. */
  static final int MANY = 20_000;

  private final Node node;
  private final Pid server;

  Rounds(int schedulers) {
    node = Node.start(Knobs.schedulers(schedulers).options(report -> {}));
    server = node.spawn(new Server());
  }

  Node node() {
    return node;
  }

  Pid server() {
    return server;
  }

  /** Counts messages; answers how many there were since the last answer. */
  private static final class Server implements Reactive {
    private int count;

    @Override
    public void onMessage(Context self, Object message) {
      if (message instanceof Request request) {
        request.reply(count);
        count = 0;
      } else {
        count++;
      }
    }
  }

  /** Ends at its first message. */
  private record Brief() implements Reactive {
    @Override
    public void onMessage(Context self, Object message) {
      self.stop(ExitReason.NORMAL);
    }
  }

  private void run(ProcessBody body) {
    CompletableFuture<Pid> done = new CompletableFuture<>();
    node.spawn(
        self -> {
          try {
            body.run(self);
            done.complete(self.pid());
          } catch (Throwable e) {
            done.completeExceptionally(e);
          }
        });
    done.join();
  }

  /** Reactive processes that are spawned, get a message, and end. */
  void spawnReactive() {
    run(
        self -> {
          Brief body = new Brief();
          for (int i = 0; i < MANY; i++) {
            self.send(self.spawnMonitor(body).pid(), body);
          }
          for (int i = 0; i < MANY; i++) {
            self.receive();
          }
        });
  }

  /** Blocking processes that are spawned and end. */
  void spawnBlocking() {
    run(
        self -> {
          for (int i = 0; i < MANY; i++) {
            self.spawnMonitor(child -> {});
          }
          for (int i = 0; i < MANY; i++) {
            self.receive();
          }
        });
  }

  /** Messages to one process, and a call that comes after them. */
  void send() {
    run(
        self -> {
          for (int i = 0; i < MANY; i++) {
            self.send(server, self);
          }
          Object count = self.call(server, "how many?", null);
          if (!Integer.valueOf(MANY).equals(count)) {
            throw new IllegalStateException(MANY + " were sent, received are " + count);
          }
        });
  }

  /** Calls of a blocking process. */
  void call() {
    run(
        self -> {
          for (int i = 0; i < MANY; i++) {
            self.call(server, self, null);
          }
        });
  }

  @Override
  public void close() {
    node.close();
  }
}
