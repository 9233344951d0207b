package io.coppice.kernel.adversarial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.MailboxLimit;
import io.coppice.kernel.process.Overflow;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a process is refused that has declared that it never waits. */
class NeverBlocksTest {
  private static final SpawnOptions NEVER = SpawnOptions.DEFAULT.neverBlocks();
  private static final Duration LONG = Duration.ofSeconds(20);

  /** Something that a handler does. */
  private interface Operation {
    void by(Context self) throws Exception;
  }

  private static final class Refused implements Reactive {
    private final Map<String, Operation> operations;

    Refused(Map<String, Operation> operations) {
      this.operations = operations;
    }

    @Override
    public void onMessage(Context self, Object message) throws Exception {
      Map<String, String> wrong = new LinkedHashMap<>();
      for (Map.Entry<String, Operation> each : operations.entrySet()) {
        try {
          each.getValue().by(self);
          wrong.put(each.getKey(), "not refused");
        } catch (IllegalStateException refused) {
          String text = String.valueOf(refused.getMessage());
          if (!text.contains("Process " + self.pid()) || !text.contains("neverBlocks")) {
            wrong.put(each.getKey(), text);
          }
        }
      }
      ((Request) message).reply(wrong);
    }
  }

  private static Map<String, Operation> operations(
      Processes node, Pid other, Pid suspending, Processes foreign, Pid stranger) {
    Callable<String> code = () -> "ran";
    Map<String, Operation> all = new LinkedHashMap<>();
    all.put("receive", Context::receive);
    all.put("receive 0", self -> self.receive(Duration.ZERO));
    all.put("receive if", self -> self.receive(m -> true));
    all.put("receive if 0", self -> self.receive(m -> true, Duration.ZERO));
    all.put("call", self -> self.call(other, "x", LONG));
    all.put("call by the node", self -> node.call(other, "x", LONG));
    all.put("call to another node", self -> foreign.call(stranger, "x", LONG));
    all.put("start", self -> self.start((me, m) -> {}, SpawnOptions.DEFAULT.name("no"), "x", LONG));
    all.put("sleep", self -> self.sleep(Duration.ZERO));
    all.put("yieldNow", Context::yieldNow);
    all.put("isAlive", self -> self.isAlive(other));
    all.put("messages", self -> self.messages(other, 1));
    all.put("blocking", self -> self.blocking(code));
    all.put("cpuBound", self -> self.cpuBound(code));
    all.put("send", self -> self.send(suspending, "x"));
    all.put("request", self -> assertNotNull(self.request(suspending, "x")));
    all.put("sendRequest", self -> self.sendRequest(suspending, "x"));
    return all;
  }

  @SuppressWarnings("unchecked") // a map of names
  private static Map<String, String> wrong(@Nullable Object answer) {
    return (Map<String, String>) assertInstanceOf(Map.class, answer);
  }

  @Test
  @DisplayName("a process that never blocks is refused whatever may wait, inline or not")
  void refused() throws Exception {
    try (Node node = Node.start(NodeOptions.DEFAULT.withSchedulers(1));
        Node foreign = Node.start()) {
      MailboxLimit limit = MailboxLimit.of(100, Overflow.SUSPEND_SENDER);
      Pid other = node.spawn((self, message) -> ((Request) message).reply("called"));
      Pid suspending = node.spawn((me, m) -> {}, SpawnOptions.DEFAULT.mailboxLimit(limit));
      Pid stranger = foreign.spawn((self, message) -> ((Request) message).reply("called"));
      Pid never =
          node.spawn(new Refused(operations(node, other, suspending, foreign, stranger)), NEVER);
      assertEquals(Map.of(), wrong(node.call(never, "from outside", LONG)));
      Pid caller =
          node.spawn(
              (self, message) -> ((Request) message).reply(self.call(never, "inline", LONG)));
      assertEquals(Map.of(), wrong(node.call(caller, "go", LONG)));
      assertFalse(node.registered().contains("no"), "start had an effect");
      assertEquals(0, node.info(suspending).orElseThrow().queueLength());
      assertEquals(0, node.info(suspending).orElseThrow().messages(), "a send had an effect");
    }
  }

  @Test
  @DisplayName("a refused demonitorFlush leaves the monitor as it was")
  void demonitorFlush() throws Exception {
    try (Node node = Node.start()) {
      Pid other = node.spawn((self, message) -> {});
      Pid never =
          node.spawn(
              (self, message) -> {
                Ref monitor = self.monitor(other);
                assertThrows(IllegalStateException.class, () -> self.demonitorFlush(monitor));
                ((Request) message).reply(self.demonitor(monitor));
              },
              NEVER);
      assertEquals(true, node.call(never, "go", LONG));
    }
  }

  @Test
  @DisplayName("on a TestNode the same is refused")
  void testNode() {
    try (TestNode node = TestNode.start(1)) {
      Map<String, Operation> all = new LinkedHashMap<>();
      all.put("receive", Context::receive);
      all.put("sleep", self -> self.sleep(Duration.ofSeconds(1)));
      all.put("yieldNow", Context::yieldNow);
      Pid never = node.spawn(new Refused(all), NEVER);
      Pid caller = node.spawn((self, m) -> ((Request) m).reply(self.call(never, "inline", LONG)));
      assertEquals(Map.of(), wrong(node.call(caller, "go", LONG)));
    }
  }

  @Test
  @DisplayName("a process with a stack to wait on, of its own thread, or bounded, cannot say so")
  void options() {
    MailboxLimit limit = MailboxLimit.of(10, Overflow.FAIL_SEND);
    ProcessBody body = self -> {};
    try (Node node = Node.start()) {
      String text =
          assertThrows(IllegalArgumentException.class, () -> node.spawn(body, NEVER)).getMessage();
      assertTrue(String.valueOf(text).contains("reactive"), text);
    }
    assertThrows(IllegalArgumentException.class, NEVER::dedicatedThread);
    assertThrows(IllegalArgumentException.class, () -> NEVER.mailboxLimit(limit));
    SpawnOptions bounded = SpawnOptions.DEFAULT.mailboxLimit(limit);
    assertThrows(IllegalArgumentException.class, bounded::neverBlocks);
    assertTrue(NEVER.name("n").link().label("l").nonBlocking(), "lost on the way");
    assertFalse(SpawnOptions.DEFAULT.nonBlocking());
  }
}
