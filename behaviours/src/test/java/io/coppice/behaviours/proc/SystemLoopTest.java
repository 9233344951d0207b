package io.coppice.behaviours.proc;

import static io.coppice.behaviours.server.TestBed.expect;
import static io.coppice.behaviours.server.TestBed.expectNothing;
import static io.coppice.behaviours.server.TestBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.Address;
import io.coppice.behaviours.Sys;
import io.coppice.behaviours.SystemEvent;
import io.coppice.behaviours.SystemRequest;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SystemLoopTest {
  // @start region="loop"
  /** Adds up what it is sent. */
  static class Adder implements ProcessBody, SystemCallbacks<Integer> {
    private int sum;

    @Override
    public void run(Context self) {
      SystemLoop loop = SystemLoop.of(self, this);
      while (true) {
        if (loop.receive() instanceof Integer amount) {
          sum += amount;
        }
      }
    }

    @Override
    public Integer state() {
      return sum;
    }

    @Override
    public void state(Integer state) {
      sum = state;
    }
  }

  // @end

  /** Changes its sign for new code. */
  private static final class Migrating extends Adder {
    @Override
    public Integer codeChange(
        @Nullable Object code, @Nullable Object oldVersion, @Nullable Object extra) {
      if (code == null) {
        throw new IllegalStateException("no code");
      }
      return -state();
    }
  }

  private static ExitReason failure(Executable operation) {
    return assertThrows(CallFailed.class, operation).reason();
  }

  @Test
  @DisplayName("SY13 a process with a loop of its own answers system messages between its own")
  void state() throws Exception {
    inProcess(
        self -> {
          Pid adder = self.spawn(new Adder());
          Sys sys = Sys.of(self, adder);
          self.send(adder, 1);
          self.send(adder, 2);
          assertEquals(3, sys.getState());
          assertEquals(30, sys.replaceState(sum -> (Integer) Objects.requireNonNull(sum) * 10));
          assertEquals(30, sys.getStatus().state());
          assertInstanceOf(ExitReason.Custom.class, failure(() -> sys.request("dance")));
          assertInstanceOf(ExitReason.Custom.class, failure(() -> sys.changeCode(null, 1, null)));
          self.exit(adder, ExitReason.KILL);
        });
  }

  @Test
  @DisplayName("SY13 a suspended loop receives nothing, and then all in order")
  void suspended() throws Exception {
    inProcess(
        self -> {
          Pid adder = self.spawn(new Migrating());
          Sys sys = Sys.of(self, adder);
          self.send(adder, 10);
          sys.suspend();
          self.send(adder, 5);
          assertEquals(10, sys.getState());
          assertEquals(
              SystemRequest.Unknown.class,
              ((ExitReason.Custom) failure(() -> sys.request("dance"))).term().getClass());
          assertInstanceOf(ExitReason.Crashed.class, failure(() -> sys.changeCode(null, 1, null)));
          sys.changeCode("new", 1, null);
          sys.resume();
          self.send(adder, 2);
          assertEquals(-10 + 5 + 2, sys.getState());
          self.exit(adder, ExitReason.KILL);
        });
  }

  @Test
  @DisplayName("PL7 stop ends a process with a loop of its own through its terminate")
  void stop() throws Exception {
    inProcess(
        self -> {
          Pid watcher = self.pid();
          Pid adder = self.spawn(own -> ending(own, watcher));
          self.monitor(adder);
          Address.of(self, adder).stop(ExitReason.SHUTDOWN, null);
          assertEquals("terminate shutdown", expect(self, String.class));
          assertEquals(ExitReason.SHUTDOWN, expect(self, Down.class).reason());
        });
  }

  @Test
  @DisplayName("SY3 the exit of its parent ends a suspended loop that traps exits, by terminate")
  void parentExits() throws Exception {
    inProcess(
        self -> {
          Pid watcher = self.pid();
          Pid parent =
              self.spawn(
                  own -> {
                    Pid child =
                        own.spawnLink(
                            loop -> {
                              loop.trapExit(true);
                              own.node().send(watcher, "ready");
                              ending(loop, watcher);
                            });
                    own.receive("suspend"::equals);
                    Sys.of(own, child).suspend();
                    throw own.exit(ExitReason.SHUTDOWN);
                  });
          assertEquals("ready", expect(self, String.class));
          self.send(parent, "suspend");
          assertEquals("terminate shutdown", expect(self, String.class));
        });
  }

  /** A loop that tells of its end. */
  private static void ending(Context self, Pid watcher) {
    SystemLoop loop =
        SystemLoop.of(
            self,
            new SystemCallbacks<String>() {
              @Override
              public String state() {
                return "state";
              }

              @Override
              public void state(String state) {}

              @Override
              public void terminate(ExitReason reason) {
                self.send(watcher, "terminate " + reason);
              }
            });
    while (true) {
      self.send(watcher, loop.receive());
    }
  }

  @Test
  @DisplayName("SY13 a loop waits for some time, which a system message does not make longer")
  void timeout() throws Exception {
    inProcess(
        self -> {
          Pid watcher = self.pid();
          Pid loop =
              self.spawn(
                  own -> {
                    SystemLoop receiving = SystemLoop.of(own, new Adder());
                    Optional<Object> none = receiving.receive(Duration.ofSeconds(2));
                    own.send(watcher, none.isEmpty() ? own.monotonicNanos() : none);
                    receiving.note(new SystemEvent(SystemEvent.Kind.IN, "noted", null));
                    own.send(watcher, receiving.receive(Duration.ofSeconds(2)).orElseThrow());
                  });
          long start = self.monotonicNanos();
          self.sleep(Duration.ofSeconds(1));
          Sys.of(self, loop).statistics(true);
          long end = (Long) self.receive();
          assertTrue(end - start < Duration.ofMillis(2500).toNanos(), () -> "took " + end);
          assertEquals(1, Sys.of(self, loop).getStatistics().orElseThrow().messagesIn());
          self.send(loop, "hello");
          assertEquals("hello", self.receive());
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("SY2 the wait of a suspended loop ends when it is resumed, and not before")
  void timeoutSuspended() throws Exception {
    inProcess(
        self -> {
          Pid watcher = self.pid();
          Pid loop =
              self.spawn(
                  own -> {
                    SystemLoop receiving = SystemLoop.of(own, new Adder());
                    own.send(watcher, receiving.receive(Duration.ofSeconds(2)).isEmpty());
                  });
          Sys.of(self, loop).suspend();
          self.sleep(Duration.ofSeconds(5));
          expectNothing(self);
          Sys.of(self, loop).resume();
          assertEquals(true, self.receive());
        });
  }
}
