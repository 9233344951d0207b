package io.coppice.bench.peer.jvm;

import static io.coppice.bench.peer.jvm.Jox.mailbox;
import static io.coppice.bench.peer.jvm.JvmPeer.spawn;

import com.softwaremill.jox.Channel;
import io.coppice.bench.peer.jvm.Jox.Sig;
import java.util.SplittableRandom;

/** Messages from thread to thread on Jox channels. */
final class JoxMessages {
  private JoxMessages() {}

  static void ring(int n, int hops) throws Exception {
    Channel<Sig> done = Channel.newBufferedChannel(1);
    @SuppressWarnings({"unchecked", "rawtypes"})
    Channel<Integer>[] boxes = new Channel[n];
    for (int i = 0; i < n; i++) boxes[i] = mailbox();
    for (int i = 0; i < n; i++) {
      Channel<Integer> mine = boxes[i], next = boxes[(i + 1) % n];
      spawn(
          () -> {
            while (mine.receiveOrClosed() instanceof Integer left) {
              if (left == 0) done.send(Sig.DONE);
              else next.send(left - 1);
            }
          });
    }
    boxes[0].send(hops);
    done.receive();
    for (var b : boxes) b.done();
  }

  sealed interface BigMsg permits BigPing, BigPong {}

  record BigPing(Channel<BigMsg> from) implements BigMsg {}

  enum BigPong implements BigMsg {
    PONG
  }

  static void big(int n, int pings) throws Exception {
    Channel<Sig> done = mailbox();
    @SuppressWarnings({"unchecked", "rawtypes"})
    Channel<BigMsg>[] all = new Channel[n];
    for (int i = 0; i < n; i++) all[i] = mailbox();
    for (int p = 0; p < n; p++) {
      int id = p;
      spawn(
          () -> {
            SplittableRandom rnd = new SplittableRandom(id);
            Channel<BigMsg> me = all[id];
            BigPing mine = new BigPing(me);
            int pongs = 0;
            int to = rnd.nextInt(n - 1);
            all[to < id ? to : to + 1].send(mine);
            while (me.receiveOrClosed() instanceof BigMsg m) {
              switch (m) {
                case BigPing ping -> ping.from.send(BigPong.PONG);
                case BigPong pong -> {
                  if (++pongs == pings) done.send(Sig.DONE);
                  else {
                    to = rnd.nextInt(n - 1);
                    all[to < id ? to : to + 1].send(mine);
                  }
                }
              }
            }
          });
    }
    for (int i = 0; i < n; i++) done.receive();
    for (var b : all) b.done();
  }
}
