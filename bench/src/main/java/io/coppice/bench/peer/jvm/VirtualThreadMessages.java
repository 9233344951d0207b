package io.coppice.bench.peer.jvm;

import static io.coppice.bench.peer.jvm.JvmPeer.spawn;
import static io.coppice.bench.peer.jvm.VirtualThreads.mailbox;

import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;

/** Messages from thread to thread. */
final class VirtualThreadMessages {
  private VirtualThreadMessages() {}

  static void ring(int n, int hops) throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    @SuppressWarnings({"unchecked", "rawtypes"})
    BlockingQueue<Integer>[] boxes = new BlockingQueue[n];
    for (int i = 0; i < n; i++) boxes[i] = mailbox();
    for (int i = 0; i < n; i++) {
      BlockingQueue<Integer> mine = boxes[i], next = boxes[(i + 1) % n];
      spawn(
          () -> {
            while (true) {
              int left = mine.take();
              if (left < 0) return;
              if (left == 0) done.countDown();
              else next.put(left - 1);
            }
          });
    }
    boxes[0].put(hops);
    done.await();
    for (var b : boxes) b.put(-1);
  }

  sealed interface BigMsg permits BigPing, BigPong {}

  record BigPing(BlockingQueue<BigMsg> from) implements BigMsg {}

  enum BigPong implements BigMsg {
    PONG,
    STOP
  }

  static void big(int n, int pings) throws Exception {
    CountDownLatch done = new CountDownLatch(n);
    @SuppressWarnings({"unchecked", "rawtypes"})
    BlockingQueue<BigMsg>[] all = new BlockingQueue[n];
    for (int i = 0; i < n; i++) all[i] = mailbox();
    for (int p = 0; p < n; p++) {
      int id = p;
      spawn(
          () -> {
            SplittableRandom rnd = new SplittableRandom(id);
            BlockingQueue<BigMsg> me = all[id];
            BigPing mine = new BigPing(me);
            int pongs = 0;
            int to = rnd.nextInt(n - 1);
            all[to < id ? to : to + 1].put(mine);
            while (true) {
              switch (me.take()) {
                case BigPing ping -> ping.from.put(BigPong.PONG);
                case BigPong m -> {
                  if (m == BigPong.STOP) return;
                  if (++pongs == pings) done.countDown();
                  else {
                    to = rnd.nextInt(n - 1);
                    all[to < id ? to : to + 1].put(mine);
                  }
                }
              }
            }
          });
    }
    done.await();
    for (var b : all) b.put(BigPong.STOP);
  }
}
