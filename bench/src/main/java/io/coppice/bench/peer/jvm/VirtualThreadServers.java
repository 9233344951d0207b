package io.coppice.bench.peer.jvm;

import static io.coppice.bench.peer.jvm.JvmPeer.check;
import static io.coppice.bench.peer.jvm.JvmPeer.spawn;
import static io.coppice.bench.peer.jvm.VirtualThreads.mailbox;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Servers and supervisors of virtual threads. */
final class VirtualThreadServers {
  private VirtualThreadServers() {}

  static void casts(int casts) throws Exception {
    BlockingQueue<Cmd> server = server();
    for (int i = 0; i < casts; i++) server.put(Cast.INC);
    Get g = new Get(new CompletableFuture<>());
    server.put(g);
    check(g.reply.join() == casts, "casts");
    server.put(Stop.STOP);
  }

  sealed interface Cmd permits Inc, Get, Cast, Stop {}

  record Inc(CompletableFuture<Integer> reply) implements Cmd {}

  record Get(CompletableFuture<Integer> reply) implements Cmd {}

  enum Cast implements Cmd {
    INC
  }

  enum Stop implements Cmd {
    STOP
  }

  static BlockingQueue<Cmd> server() {
    BlockingQueue<Cmd> q = mailbox();
    spawn(
        () -> {
          int n = 0;
          while (true) {
            switch (q.take()) {
              case Inc i -> i.reply.complete(++n);
              case Cast c -> n++;
              case Get g -> g.reply.complete(n);
              case Stop s -> {
                return;
              }
            }
          }
        });
    return q;
  }

  static void calls(int clients, int calls) throws Exception {
    BlockingQueue<Cmd> server = server();
    Thread[] all = new Thread[clients];
    AtomicInteger max = new AtomicInteger();
    for (int c = 0; c < clients; c++)
      all[c] =
          spawn(
              () -> {
                int v = 0;
                for (int i = 0; i < calls; i++) {
                  Inc m = new Inc(new CompletableFuture<>());
                  server.put(m);
                  v = m.reply.join();
                }
                max.accumulateAndGet(v, Math::max);
              });
    for (Thread t : all) t.join();
    server.put(Stop.STOP);
    check(max.get() == clients * calls, max);
  }

  /**
   * A supervisor thread is told of each exit by the uncaught exception handler and starts the next
   * child.
   */
  static void restarts(int n) throws Exception {
    enum Crash {
      CRASH
    }
    BlockingQueue<Throwable> exits = mailbox();
    BlockingQueue<BlockingQueue<Crash>> started = mailbox();
    Thread.Builder b = Thread.ofVirtual().uncaughtExceptionHandler((t, e) -> exits.add(e));
    Thread supervisor =
        spawn(
            () -> {
              for (int i = 0; i <= n; i++) {
                BlockingQueue<Crash> box = mailbox();
                b.start(
                    () -> {
                      started.add(box);
                      try {
                        box.take();
                      } catch (InterruptedException e) {
                        return;
                      }
                      throw new IllegalStateException("boom");
                    });
                if (i < n) check(exits.take().getMessage().equals("boom"), "reason");
              }
            });
    for (int i = 0; i < n; i++) started.take().put(Crash.CRASH);
    BlockingQueue<Crash> lastBox = started.take();
    supervisor.join();
    lastBox.put(Crash.CRASH);
    exits.take();
  }
}
