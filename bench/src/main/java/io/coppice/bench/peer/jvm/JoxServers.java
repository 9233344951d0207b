package io.coppice.bench.peer.jvm;

import static io.coppice.bench.peer.jvm.Jox.mailbox;
import static io.coppice.bench.peer.jvm.Jox.send;
import static io.coppice.bench.peer.jvm.JvmPeer.check;
import static io.coppice.bench.peer.jvm.JvmPeer.spawn;

import com.softwaremill.jox.Channel;
import io.coppice.bench.peer.jvm.Jox.Sig;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Servers and supervisors on Jox channels. */
final class JoxServers {
  private JoxServers() {}

  static void casts(int casts) throws Exception {
    Channel<Cmd> server = server();
    for (int i = 0; i < casts; i++) server.send(Cast.INC);
    Get g = new Get(new CompletableFuture<>());
    server.send(g);
    check(g.reply.join() == casts, "casts");
    server.done();
  }

  sealed interface Cmd permits Inc, Get, Cast {}

  record Inc(CompletableFuture<Integer> reply) implements Cmd {}

  record Get(CompletableFuture<Integer> reply) implements Cmd {}

  enum Cast implements Cmd {
    INC
  }

  static Channel<Cmd> server() {
    Channel<Cmd> q = mailbox();
    spawn(
        () -> {
          int n = 0;
          while (q.receiveOrClosed() instanceof Cmd m) {
            switch (m) {
              case Inc i -> i.reply.complete(++n);
              case Cast c -> n++;
              case Get g -> g.reply.complete(n);
            }
          }
        });
    return q;
  }

  static void calls(int clients, int calls) throws Exception {
    Channel<Cmd> server = server();
    Thread[] all = new Thread[clients];
    AtomicInteger max = new AtomicInteger();
    for (int c = 0; c < clients; c++)
      all[c] =
          spawn(
              () -> {
                int v = 0;
                for (int i = 0; i < calls; i++) {
                  Inc m = new Inc(new CompletableFuture<>());
                  server.send(m);
                  v = m.reply.join();
                }
                max.accumulateAndGet(v, Math::max);
              });
    for (Thread t : all) t.join();
    server.done();
    check(max.get() == clients * calls, max);
  }

  static void restarts(int n) throws Exception {
    Channel<Throwable> exits = mailbox();
    Channel<Channel<Sig>> started = mailbox();
    Thread.Builder b = Thread.ofVirtual().uncaughtExceptionHandler((t, e) -> send(exits, e));
    Thread supervisor =
        spawn(
            () -> {
              for (int i = 0; i <= n; i++) {
                Channel<Sig> box = mailbox();
                b.start(
                    () -> {
                      try {
                        started.send(box);
                        box.receive();
                      } catch (InterruptedException e) {
                        return;
                      }
                      throw new IllegalStateException("boom");
                    });
                if (i < n) check(exits.receive().getMessage().equals("boom"), "reason");
              }
            });
    for (int i = 0; i < n; i++) started.receive().send(Sig.CRASH);
    Channel<Sig> lastBox = started.receive();
    supervisor.join();
    lastBox.send(Sig.CRASH);
    exits.receive();
  }
}
