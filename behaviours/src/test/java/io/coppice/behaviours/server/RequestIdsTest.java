package io.coppice.behaviours.server;

import static io.coppice.behaviours.server.TestBed.SOON;
import static io.coppice.behaviours.server.TestBed.expect;
import static io.coppice.behaviours.server.TestBed.expectNothing;
import static io.coppice.behaviours.server.TestBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.Address;
import io.coppice.behaviours.Reply;
import io.coppice.behaviours.RequestId;
import io.coppice.behaviours.RequestIds;
import io.coppice.behaviours.RequestIds.Arrived;
import io.coppice.behaviours.RequestIds.NoRequest;
import io.coppice.behaviours.RequestIds.TimedOut;
import io.coppice.behaviours.server.Probe.Message;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.Response;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RequestIdsTest {
  private static final Probe.Ask OPEN = Probe.ask((from, state) -> Result.noReply(from));
  private static final Duration SHORT = Duration.ofMillis(60);

  @Test
  @DisplayName("GSRV-022 outcomes are taken in the order of arrival, each with its label")
  void orderOfArrival() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> slow = Probe.start(self);
          ServerRef<Message> fast = Probe.start(self);
          RequestIds<String> open = new RequestIds<>(self);
          slow.send(self, OPEN, "slow", open);
          fast.send(self, Probe.get(), "fast", open);
          assertEquals(2, open.size());
          assertEquals(new Arrived<>(new Reply.Answer<>("initial"), "fast"), open.receive(SOON));
          Request from = (Request) slow.call(Probe.get());
          from.reply("at last");
          assertEquals(new Arrived<>(new Reply.Answer<>("at last"), "slow"), open.receive(SOON));
          assertEquals(0, open.size());
        });
  }

  @Test
  @DisplayName("GSRV-023 there is nothing to receive from an empty collection")
  void empty() throws Exception {
    inProcess(
        self -> {
          RequestIds<String> open = new RequestIds<>(self);
          assertEquals(new NoRequest<>(), open.receive(null));
          assertThrows(IllegalArgumentException.class, () -> open.receive(Duration.ofMillis(-1)));
        });
  }

  @Test
  @DisplayName("GSRV-025 two waits until the same moment end at that moment, and the past is now")
  void absoluteDeadline() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          RequestIds<String> open = new RequestIds<>(self);
          server.send(self, OPEN, "open", open);
          long start = self.monotonicNanos();
          long deadline = start + SHORT.toNanos();
          assertEquals(new TimedOut<>(), open.awaitUntil(deadline));
          assertEquals(new TimedOut<>(), open.awaitUntil(deadline));
          long waited = self.monotonicNanos() - start;
          assertTrue(
              waited >= SHORT.toNanos() && waited < SHORT.toNanos() + 5_000_000,
              () -> waited + " ns");
          assertEquals(1, open.size());
          assertEquals(new TimedOut<>(), open.receiveUntil(start));
          assertEquals(0, open.size());
        });
  }

  @Test
  @DisplayName("G30 A request to nobody fails only when its outcome is received")
  void requestToNobody() throws Exception {
    inProcess(
        self -> {
          Address nobody = Address.named(self, "nobody");
          RequestId<?> id = ServerRef.<Message>at(nobody).send(self, Probe.get());
          assertEquals(
              Optional.of(new Reply.Failure<>(ExitReason.NO_PROCESS, nobody)), id.receive(SOON));
        });
  }

  @Test
  @DisplayName(
      "G31 A request that was not received in time is given up, one that was awaited is not")
  void receiveAbandonsAndAwaitDoesNot() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          RequestId<?> id = server.send(self, OPEN);
          Request from = (Request) server.call(Probe.get());
          assertTrue(id.await(Duration.ZERO).isEmpty());
          assertTrue(id.await(Duration.ofMillis(1)).isEmpty());
          from.reply("in time");
          assertEquals("in time", id.await(SOON).orElseThrow().orThrow());

          RequestId<?> late = server.send(self, OPEN);
          Request given = (Request) server.call(Probe.get());
          assertTrue(late.receive(Duration.ZERO).isEmpty());
          given.reply("too late");
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("G31 A message is checked for being the outcome of one request")
  void check() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Probe.start(self);
          RequestId<?> one = server.send(self, Probe.get());
          RequestId<?> other = server.send(self, OPEN);
          Response message = expect(self, Response.class);
          assertTrue(other.check(message).isEmpty());
          assertTrue(one.check("unrelated").isEmpty());
          assertEquals("initial", one.check(message).orElseThrow().orThrow());
        });
  }

  @Test
  @DisplayName("G32 A request cannot be in a collection twice")
  void addedTwice() throws Exception {
    inProcess(
        self -> {
          RequestIds<String> open = new RequestIds<>(self);
          RequestId<?> id = Probe.start(self).send(self, OPEN);
          open.add(id, "first");
          assertThrows(IllegalArgumentException.class, () -> open.add(id, "second"));
          assertEquals("first", open.toList().getFirst().label());
        });
  }
}
