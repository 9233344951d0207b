package io.coppice.bench.peer.jvm;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Plain virtual threads; a mailbox is a queue of the JDK, a one-shot a future. */
final class VirtualThreads extends JvmPeer {
  static <T> BlockingQueue<T> mailbox() {
    return new LinkedBlockingQueue<>();
  }

  @Override
  Idle idle() {
    return VirtualThreads::crowd;
  }

  VirtualThreads() {
    works.put(
        "chained_spawn",
        driver(
            () -> {
              CountDownLatch done = new CountDownLatch(1);
              spawn(() -> chain(1, 1000, done));
              done.await();
            }));
    works.put(
        "ping_pong_oneshot",
        driver(
            () -> {
              CountDownLatch done = new CountDownLatch(1000);
              for (int i = 0; i < 1000; i++)
                spawn(
                    () -> {
                      var ping = new CompletableFuture<Integer>();
                      var pong = new CompletableFuture<Integer>();
                      spawn(() -> pong.complete(ping.join() + 1));
                      ping.complete(1);
                      check(pong.join() == 2, "pong");
                      done.countDown();
                    });
              done.await();
            }));
    works.put(
        "spawn_storm_busy",
        driver(
            () -> {
              var stop =
                  new Object() {
                    volatile boolean now;
                  };
              Thread[] busy = new Thread[8];
              for (int i = 0; i < 8; i++)
                busy[i] =
                    spawn(
                        () -> {
                          while (!stop.now) Thread.yield();
                        });
              Thread[] all = new Thread[10_000];
              for (int i = 0; i < all.length; i++) all[i] = Thread.startVirtualThread(() -> {});
              for (Thread t : all) t.join();
              stop.now = true;
              for (Thread t : busy) t.join();
            }));
    works.put("yield_many", driver(() -> yields(200, 1000)));
    works.put("yield_in_hot_loop", driver(() -> yields(1, 1_000_000)));
    works.put("yield_in_hot_loop_pair", driver(() -> yields(2, 500_000)));
    works.put(
        "many_timers",
        driver(
            () -> {
              Thread[] all = new Thread[10_000];
              for (int i = 0; i < all.length; i++) {
                int ms = 1 + i % 10;
                all[i] = spawn(() -> Thread.sleep(ms));
              }
              for (Thread t : all) t.join();
            }));
    works.put("fan_out_compute", driver(() -> fan()));
    works.put("deep_recursion", driver(() -> check(deep(500) == 500, "deep")));
    works.put("mpsc_contention", driver(() -> mpsc(mailbox(), 8, 50_000)));
    works.put(
        "mpsc_contention_bounded", driver(() -> mpsc(new ArrayBlockingQueue<>(1024), 8, 50_000)));
    works.put("uncontended_channel", driver(() -> mpsc(mailbox(), 1, 1_000_000)));
    works.put(
        "uncontended_channel_bounded",
        driver(() -> mpsc(new ArrayBlockingQueue<>(1024), 1, 1_000_000)));
    works.put(
        "catch_unwind_panics",
        driver(
            () -> {
              record Exit(Thread who, Throwable why) {}
              BlockingQueue<Exit> notices = mailbox();
              Thread.Builder b =
                  Thread.ofVirtual()
                      .uncaughtExceptionHandler((t, e) -> notices.add(new Exit(t, e)));
              for (int i = 0; i < 10_000; i++)
                b.start(
                    () -> {
                      throw new IllegalStateException("boom");
                    });
              for (int i = 0; i < 10_000; i++)
                check(notices.take().why.getMessage().equals("boom"), "reason");
            }));
    works.put("gen_server_call", driver(() -> VirtualThreadServers.calls(1, 100_000)));
    works.put("gen_server_cast", driver(() -> VirtualThreadServers.casts(1_000_000)));
    works.put("call_fan_in", driver(() -> VirtualThreadServers.calls(100, 1000)));
    works.put("supervisor_restart", driver(() -> VirtualThreadServers.restarts(10_000)));
    works.put("spawn_1m_idle", driver(() -> idle(1_000_000)));
    works.put(
        "timers_start_cancel", driver(() -> startCancel(ForkJoinPool.commonPool(), 1_000_000)));
    works.put(
        "timers_start_cancel_all_live",
        driver(() -> startAllCancelAll(ForkJoinPool.commonPool(), 1_000_000)));
    works.put("skynet", driver(() -> check(skynet(0, 1_000_000) == SKYNET_SUM, "skynet")));
    works.put("thread_ring", driver(() -> VirtualThreadMessages.ring(503, 1_000_000)));
    works.put("big", driver(() -> VirtualThreadMessages.big(100, 2000)));
    works.put("tcp_echo", driver(() -> VirtualThreadEcho.run(200, 500)));
  }

  static void chain(int i, int n, CountDownLatch done) {
    if (i == n) done.countDown();
    else spawn(() -> chain(i + 1, n, done));
  }

  static void yields(int procs, int n) throws Exception {
    Thread[] all = new Thread[procs];
    for (int p = 0; p < procs; p++)
      all[p] =
          Thread.startVirtualThread(
              () -> {
                for (int i = 0; i < n; i++) Thread.yield();
              });
    for (Thread t : all) t.join();
  }

  static void fan() throws Exception {
    BlockingQueue<Long> results = mailbox();
    for (int i = 0; i < FAN; i++) {
      int seed = i;
      spawn(() -> results.put(steps(seed)));
    }
    long sum = 0;
    for (int i = 0; i < FAN; i++) sum += results.take();
    check(sum == FAN_SUM, sum);
  }

  static int deep(int n) throws Exception {
    if (n == 1) return 1;
    FutureTask<Integer> below = new FutureTask<>(() -> deep(n - 1));
    Thread.startVirtualThread(below);
    return below.get() + 1;
  }

  static void mpsc(BlockingQueue<Integer> q, int producers, int each) throws Exception {
    int total = producers * each;
    Thread consumer =
        spawn(
            () -> {
              for (int i = 0; i < total; i++) q.take();
            });
    for (int p = 0; p < producers; p++)
      spawn(
          () -> {
            for (int i = 0; i < each; i++) q.put(i);
          });
    consumer.join();
  }

  record Crowd(List<LinkedTransferQueue<Integer>> boxes, List<Thread> threads) {}

  /**
   * Threads that are known to have run up to their wait; one LinkedTransferQueue for each, the
   * lightest of the JDK's blocking queues.
   */
  static Crowd crowd(int n) throws Exception {
    Crowd crowd = new Crowd(new ArrayList<>(n), new ArrayList<>(n));
    CountDownLatch up = new CountDownLatch(n);
    for (int i = 0; i < n; i++) {
      var box = new LinkedTransferQueue<Integer>();
      crowd.boxes.add(box);
      crowd.threads.add(
          Thread.startVirtualThread(
              () -> {
                try {
                  up.countDown();
                  box.take();
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
    for (LinkedTransferQueue<Integer> box : crowd.boxes) box.put(1);
    for (Thread t : crowd.threads) t.join();
  }

  static void startCancel(ScheduledExecutorService s, int n) {
    for (int i = 0; i < n; i++) {
      Future<?> f = s.schedule(() -> {}, 5, TimeUnit.SECONDS);
      check(f.cancel(false), "cancel");
    }
  }

  static void startAllCancelAll(ScheduledExecutorService s, int n) {
    Future<?>[] all = new Future<?>[n];
    for (int i = 0; i < n; i++) all[i] = s.schedule(() -> {}, 5, TimeUnit.SECONDS);
    for (Future<?> f : all) check(f.cancel(false), "cancel");
  }

  static long skynet(long num, int size) throws Exception {
    if (size == 1) return num;
    int sub = size / 10;
    @SuppressWarnings({"unchecked", "rawtypes"})
    FutureTask<Long>[] kids = new FutureTask[10];
    for (int i = 0; i < 10; i++) {
      long first = num + (long) i * sub;
      kids[i] = new FutureTask<>(() -> skynet(first, sub));
      Thread.startVirtualThread(kids[i]);
    }
    long sum = 0;
    for (FutureTask<Long> k : kids) sum += k.get();
    return sum;
  }
}
