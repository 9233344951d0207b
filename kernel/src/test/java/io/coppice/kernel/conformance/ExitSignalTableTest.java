package io.coppice.kernel.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.Response;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.Spawned;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of semantics 1.3, line by line: what an exit signal does when it arrives. */
class ExitSignalTableTest extends ConformanceCase {
  private static final List<ExitReason> REASONS =
      List.of(
          ExitReason.NORMAL,
          ExitReason.KILL,
          ExitReason.KILLED,
          ExitReason.SHUTDOWN,
          ExitReason.NO_PROCESS,
          ExitReason.of("other"));

  /** How the signal comes. */
  enum Way {
    /** A linked process ends. */
    LINK,
    /** A process ends whose link was removed. */
    BROKEN_LINK,
    /** {@code exit(pid, reason)} by another process. */
    OTHER,
    /** {@code exit(pid, reason)} by the receiver. */
    SELF
  }

  /** What the receiver is: the table is the same for all. */
  enum Kind {
    BLOCKING,
    REACTIVE,
    DEDICATED
  }

  record Line(Kind kind, Way way, ExitReason reason, boolean trapping) {
    /** What the receiver dies of, or null if it lives on. */
    @Nullable ExitReason death() {
      return switch (way) {
        case BROKEN_LINK -> null;
        case LINK -> trapping || reason.equals(ExitReason.NORMAL) ? null : reason;
        case OTHER, SELF -> {
          if (reason.equals(ExitReason.KILL)) {
            yield ExitReason.KILLED;
          }
          boolean harmless = way == Way.OTHER && reason.equals(ExitReason.NORMAL);
          yield trapping || harmless ? null : reason;
        }
      };
    }

    boolean givesMessage() {
      return trapping && way != Way.BROKEN_LINK && death() == null;
    }
  }

  static Stream<Line> lines() {
    List<Line> lines = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      for (Way way : Way.values()) {
        for (ExitReason reason : REASONS) {
          lines.add(new Line(kind, way, reason, false));
          lines.add(new Line(kind, way, reason, true));
        }
      }
    }
    return lines.stream();
  }

  /** The order to link with a process, and to let it end. */
  private record Peer(Pid pid) {}

  @ParameterizedTest(name = "1.3 {0}")
  @MethodSource("lines")
  @DisplayName("1.3 an exit signal does what the table says")
  void line(Line line) throws Exception {
    run(
        self -> {
          Spawned receiver = spawn(self, new Receiver(line, self.pid()));
          assertEquals("ready", expect(self, String.class));
          Pid from = signal(self, line, receiver.pid());
          ExitReason death = line.death();
          if (death != null) {
            assertEquals(
                new Down(receiver.monitor(), receiver.pid(), death), expect(self, Down.class));
            assertFalse(self.isAlive(receiver.pid()));
          } else {
            List<Object> expected =
                line.givesMessage() ? List.of(new Exit(from, line.reason())) : List.of();
            assertEquals(expected, self.call(receiver.pid(), "seen", LIMIT));
            assertTrue(self.isAlive(receiver.pid()));
          }
          assertMailboxEmpty(self);
        });
  }

  private static Spawned spawn(Context self, Receiver receiver) {
    ProcessBody body =
        me -> {
          receiver.onStart(me);
          while (true) {
            receiver.onMessage(me, me.receive());
          }
        };
    return switch (receiver.line().kind()) {
      case BLOCKING -> self.spawnMonitor(body);
      case REACTIVE -> self.spawnMonitor(receiver);
      case DEDICATED -> self.spawnMonitor(body, SpawnOptions.DEFAULT.dedicatedThread());
    };
  }

  /** Tells all it got when it is asked. */
  private record Receiver(Line line, Pid tester, List<Object> seen) implements Reactive {
    Receiver(Line line, Pid tester) {
      this(line, tester, new ArrayList<>());
    }

    @Override
    public void onStart(Context me) {
      me.trapExit(line.trapping());
      me.send(tester, "ready");
    }

    @Override
    public void onMessage(Context me, Object message) {
      switch (message) {
        case Request request when request.payload().equals("seen") -> request.reply(seen);
        case Request request -> {
          me.exit(me.pid(), line.reason());
          request.reply("done");
        }
        case Peer(Pid peer) -> {
          me.link(peer);
          if (line.way() == Way.BROKEN_LINK) {
            me.unlink(peer);
          }
          me.send(peer, "end");
        }
        default -> seen.add(message);
      }
    }
  }

  /** Makes the signal arrive before anything sent to the receiver afterwards; its sender. */
  private static Pid signal(Context self, Line line, Pid receiver) {
    return switch (line.way()) {
      case OTHER -> {
        self.exit(receiver, line.reason());
        yield self.pid();
      }
      case SELF -> {
        var _ = self.sendRequest(receiver, "exit yourself");
        if (line.death() == null) {
          var _ = expect(self, Response.class);
        } else {
          var _ = self.receive(m -> m instanceof Response);
        }
        yield receiver;
      }
      case LINK, BROKEN_LINK -> {
        Pid peer =
            self.spawn(
                me -> {
                  me.receive("end"::equals);
                  throw me.exit(line.reason());
                });
        self.send(receiver, new Peer(peer));
        while (self.isAlive(peer)) {
          self.yieldNow();
        }
        yield peer;
      }
    };
  }
}
