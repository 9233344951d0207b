package io.coppice.behaviours.server;

import static io.coppice.behaviours.server.TestBed.expect;
import static io.coppice.behaviours.server.TestBed.expectNothing;
import static io.coppice.behaviours.server.TestBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.server.Probe.Message;
import io.coppice.behaviours.server.Probe.Seen;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.WaitReason;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ServerTimeoutTest {
  private static final Duration SHORT = Duration.ofMillis(60);
  private static final Duration TWO_SHORT = SHORT.multipliedBy(2);

  /** Has the server handle a message with others waiting behind it. */
  private static void together(ServerRef<Message> server, Probe.Tell... messages) {
    server.sys().suspend();
    for (Probe.Tell message : messages) {
      server.cast(message);
    }
    server.sys().resume();
  }

  private static void assertOnTime(long due, Context self) {
    long late = self.monotonicNanos() - due;
    assertTrue(late >= 0 && late < 5_000_000, () -> late + " ns late");
  }

  @Test
  @DisplayName(
      "GSRV-039 a server that is idle for hibernateAfter rests, and again after each message")
  void autoHibernate() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server =
              Probe.start(self, ServerOptions.DEFAULT.hibernateAfter(SHORT));
          assertFalse(server.sys().getStatus().hibernating());
          self.sleep(TWO_SHORT);
          assertTrue(server.sys().getStatus().hibernating());
          assertTrue(server.sys().getStatus().hibernating(), "a system message does not end it");
          server.call(Probe.get());
          assertFalse(server.sys().getStatus().hibernating());
          self.sleep(TWO_SHORT);
          assertTrue(server.sys().getStatus().hibernating());
        });
  }

  @Test
  @DisplayName("GSRV-063 with an idle timeout of zero a message that is waiting wins")
  void legacyZero() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          together(
              server,
              Probe.tell(state -> Step.next("first", Action.timeout(Duration.ZERO))),
              Probe.tell(state -> Step.next(state + " second")));
          assertEquals("first second", server.call(Probe.get()));
          expectNothing(self);

          server.cast(Probe.tell(state -> Step.next("alone", Action.timeout(Duration.ZERO))));
          assertEquals(new Seen("info", new Idle(), "alone"), expect(self, Seen.class));
        });
  }

  @Test
  @DisplayName("GS12 A message timeout of zero comes before any message that is waiting")
  void messageZero() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          together(
              server,
              Probe.tell(state -> Step.next("first", Action.timeout(Duration.ZERO, "now"))),
              Probe.tell(state -> Step.next("second")));
          assertEquals(new Seen("info", "now", "first"), expect(self, Seen.class));
        });
  }

  @Test
  @DisplayName("GS11 A system message starts an idle timeout again from its full time")
  void systemMessageRestartsTheIdleTimeout() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          server.cast(Probe.tell(state -> Step.next("idle", Action.timeout(SHORT))));
          self.sleep(SHORT.dividedBy(2));
          server.sys().getState();
          long asked = self.monotonicNanos();
          assertEquals(new Seen("info", new Idle(), "idle"), expect(self, Seen.class));
          assertOnTime(asked + SHORT.toNanos(), self);
        });
  }

  @Test
  @DisplayName("GS12 A system message leaves a message timeout alone, any other message cancels it")
  void messageTimeout() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          long due = self.monotonicNanos() + TWO_SHORT.toNanos();
          server.cast(Probe.tell(state -> Step.next("timed", Action.timeout(TWO_SHORT, "due"))));
          self.sleep(SHORT);
          server.sys().getState();
          assertEquals(new Seen("info", "due", "timed"), expect(self, Seen.class));
          assertOnTime(due, self);

          server.cast(Probe.tell(state -> Step.next("timed", Action.timeout(SHORT, "never"))));
          server.call(Probe.get());
          assertTrue(self.receive(TWO_SHORT).isEmpty());
        });
  }

  @Test
  @DisplayName("GS10 An idle timeout stands still while the server is suspended")
  void suspendedIdleTimeout() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          server.cast(Probe.tell(state -> Step.next("idle", Action.timeout(SHORT))));
          server.sys().suspend();
          assertTrue(self.receive(TWO_SHORT).isEmpty());
          server.sys().resume();
          assertEquals(new Seen("info", new Idle(), "idle"), expect(self, Seen.class));
        });
  }

  @Test
  @DisplayName("SY12 A server that hibernates does so until its next message")
  void hibernate() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          server.cast(Probe.tell(state -> Step.next("resting", Action.hibernate())));
          assertTrue(server.sys().getStatus().hibernating());
          Pid pid = server.whereis().orElseThrow();
          long limit = self.monotonicNanos() + 10_000_000_000L;
          while (self.info(pid).orElseThrow().waitReason() != WaitReason.HIBERNATE) {
            assertTrue(self.monotonicNanos() < limit, "the kernel does not know of it");
            self.sleep(Duration.ofMillis(1));
          }
          server.cast(Probe.tell(state -> Step.next("up", Action.hibernate(SHORT, "up"))));
          assertTrue(server.sys().getStatus().hibernating());
          assertEquals(new Seen("info", "up", "up"), expect(self, Seen.class));
          assertFalse(server.sys().getStatus().hibernating());
        });
  }
}
