package io.coppice.bench.peer.jvm;

import com.softwaremill.jox.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Virtual threads that talk through Jox channels; the answer to a call is a future, as in Jox's own
 * actors. Workloads that would use nothing of Jox are those of {@link VirtualThreads}.
 */
final class Jox extends JvmPeer {
  static <T> Channel<T> mailbox() {
    return Channel.newUnlimitedChannel();
  }

  enum Sig {
    DONE,
    CRASH
  }

  Jox() {
    works.put(
        "chained_spawn",
        driver(
            () -> {
              Channel<Sig> done = Channel.newBufferedChannel(1);
              spawn(() -> chain(1, 1000, done));
              done.receive();
            }));
    works.put(
        "ping_pong_oneshot",
        driver(
            () -> {
              Channel<Sig> done = mailbox();
              for (int i = 0; i < 1000; i++)
                spawn(
                    () -> {
                      Channel<Integer> ping = Channel.newBufferedChannel(1);
                      Channel<Integer> pong = Channel.newBufferedChannel(1);
                      spawn(() -> pong.send(ping.receive() + 1));
                      ping.send(1);
                      check(pong.receive() == 2, "pong");
                      done.send(Sig.DONE);
                    });
              for (int i = 0; i < 1000; i++) done.receive();
            }));
    works.put("fan_out_compute", driver(() -> fan()));
    works.put(
        "deep_recursion",
        driver(
            () -> {
              Channel<Integer> result = Channel.newBufferedChannel(1);
              spawn(() -> deep(500, result));
              check(result.receive() == 500, "deep");
            }));
    works.put("mpsc_contention", driver(() -> mpsc(mailbox(), 8, 50_000)));
    works.put(
        "mpsc_contention_bounded", driver(() -> mpsc(Channel.newBufferedChannel(1024), 8, 50_000)));
    works.put("uncontended_channel", driver(() -> mpsc(mailbox(), 1, 1_000_000)));
    works.put(
        "uncontended_channel_bounded",
        driver(() -> mpsc(Channel.newBufferedChannel(1024), 1, 1_000_000)));
    works.put(
        "catch_unwind_panics",
        driver(
            () -> {
              Channel<Throwable> notices = mailbox();
              Thread.Builder b =
                  Thread.ofVirtual().uncaughtExceptionHandler((t, e) -> send(notices, e));
              for (int i = 0; i < 10_000; i++)
                b.start(
                    () -> {
                      throw new IllegalStateException("boom");
                    });
              for (int i = 0; i < 10_000; i++)
                check(notices.receive().getMessage().equals("boom"), "reason");
            }));
    works.put("gen_server_call", driver(() -> JoxServers.calls(1, 100_000)));
    works.put("gen_server_cast", driver(() -> JoxServers.casts(1_000_000)));
    works.put("call_fan_in", driver(() -> JoxServers.calls(100, 1000)));
    works.put("supervisor_restart", driver(() -> JoxServers.restarts(10_000)));
    works.put("spawn_1m_idle", driver(() -> idle(1_000_000)));
    works.put(
        "skynet",
        driver(
            () -> {
              Channel<Long> result = Channel.newBufferedChannel(1);
              spawn(() -> skynet(result, 0, 1_000_000));
              check(result.receive() == SKYNET_SUM, "skynet");
            }));
    works.put("thread_ring", driver(() -> JoxMessages.ring(503, 1_000_000)));
    works.put("big", driver(() -> JoxMessages.big(100, 2000)));
  }

  @Override
  Idle idle() {
    return Jox::crowd;
  }

  static <T> void send(Channel<T> c, T v) {
    try {
      c.send(v);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static void chain(int i, int n, Channel<Sig> done) throws Exception {
    if (i == n) done.send(Sig.DONE);
    else spawn(() -> chain(i + 1, n, done));
  }

  static void fan() throws Exception {
    Channel<Long> results = mailbox();
    for (int i = 0; i < FAN; i++) {
      int seed = i;
      spawn(() -> results.send(steps(seed)));
    }
    long sum = 0;
    for (int i = 0; i < FAN; i++) sum += results.receive();
    check(sum == FAN_SUM, sum);
  }

  static void deep(int n, Channel<Integer> parent) throws Exception {
    if (n == 1) {
      parent.send(1);
      return;
    }
    Channel<Integer> result = Channel.newBufferedChannel(1);
    spawn(() -> deep(n - 1, result));
    parent.send(result.receive() + 1);
  }

  static void mpsc(Channel<Integer> q, int producers, int each) throws Exception {
    int total = producers * each;
    Thread consumer =
        spawn(
            () -> {
              for (int i = 0; i < total; i++) q.receive();
            });
    for (int p = 0; p < producers; p++)
      spawn(
          () -> {
            for (int i = 0; i < each; i++) q.send(i);
          });
    consumer.join();
  }

  record Crowd(List<Channel<Integer>> boxes, List<Thread> threads) {}

  /** Threads that are known to have run up to their wait. */
  static Crowd crowd(int n) throws Exception {
    Crowd crowd = new Crowd(new ArrayList<>(n), new ArrayList<>(n));
    CountDownLatch up = new CountDownLatch(n);
    for (int i = 0; i < n; i++) {
      Channel<Integer> box = Channel.newBufferedChannel(1);
      crowd.boxes.add(box);
      crowd.threads.add(
          Thread.startVirtualThread(
              () -> {
                try {
                  up.countDown();
                  box.receive();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              }));
    }
    up.await();
    return crowd;
  }

  static void idle(int n) throws Exception {
    Crowd crowd = crowd(n);
    for (Channel<Integer> box : crowd.boxes) box.send(1);
    for (Thread t : crowd.threads) t.join();
  }

  static void skynet(Channel<Long> parent, long num, int size) throws Exception {
    if (size == 1) {
      parent.send(num);
      return;
    }
    int sub = size / 10;
    Channel<Long> results = Channel.newBufferedChannel(10);
    for (int i = 0; i < 10; i++) {
      long first = num + (long) i * sub;
      spawn(() -> skynet(results, first, sub));
    }
    long sum = 0;
    for (int i = 0; i < 10; i++) sum += results.receive();
    parent.send(sum);
  }
}
