package io.coppice.kernel.adversarial;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.cell.ProcessCell;
import io.coppice.kernel.flags.NeedsOpenJdk;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessStatus;
import io.coppice.kernel.process.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Calls to processes that never block: what their caller's thread does for them. */
class InlineCallTest extends InlineCalls {
  private static final int DEPTH = 220;

  @Test
  @DisplayName("a server that never blocks runs on its caller's thread, another does not")
  void sameThread() throws Exception {
    Pid never = server((self, message) -> reply(message, Thread.currentThread()));
    Pid other = node.spawn((self, message) -> reply(message, Thread.currentThread()));
    inProcess(
        self -> {
          assertSame(Thread.currentThread(), self.call(never, "who", LONG));
          assertNotSame(Thread.currentThread(), self.call(other, "who", LONG));
          assertSame(Thread.currentThread(), self.call(never, "who", LONG));
          return true;
        });
    assertNotSame(Thread.currentThread(), node.call(never, "who", LONG));
  }

  @Test
  @DisplayName(
      "a server that has broken its word, and blocked, no longer runs on its callers' threads")
  void brokenWord() throws Exception {
    Pid server = server((self, message) -> reply(message, Thread.currentThread()));
    inProcess(
        self -> {
          assertSame(Thread.currentThread(), self.call(server, "who", LONG));
          ((ProcessCell) server).setRunsFree(); // what the monitor does about it
          assertNotSame(Thread.currentThread(), self.call(server, "who", LONG));
          return true;
        });
  }

  @Test
  @DisplayName("casts of the caller come before its call, also when they are many")
  void order() throws Exception {
    List<Object> seen = new ArrayList<>();
    Pid server =
        server(
            (self, message) -> {
              if (message instanceof Request request) {
                request.reply(List.copyOf(seen));
                seen.clear();
              } else {
                seen.add(message);
              }
            });
    inProcess(
        self -> {
          for (int casts = 0; casts < 200; casts++) {
            List<Object> sent = new ArrayList<>();
            for (int i = 0; i < casts; i++) {
              self.send(server, i);
              sent.add(i);
            }
            assertEquals(sent, self.call(server, "which", LONG));
            assertEquals(List.of(), self.call(server, "which", LONG));
          }
          return true;
        });
  }

  @Test
  @DisplayName("what a server sends to itself in a call is handled in a turn of its own")
  void restOfTheMailbox() throws Exception {
    CompletableFuture<Object> own = new CompletableFuture<>();
    Pid server =
        server(
            (self, message) -> {
              if (message instanceof Request request) {
                self.send(self.pid(), "mine");
                request.reply(Thread.currentThread());
              } else {
                own.complete(Thread.currentThread());
              }
            });
    inProcess(
        self -> {
          Object thread = self.call(server, "go", LONG);
          assertSame(Thread.currentThread(), thread);
          self.sleep(Duration.ofMillis(1)); // a runner that is idle may be anybody's
          assertNotSame(thread, own.get(20, SECONDS));
          return true;
        });
  }

  @Test
  @DisplayName("what a handler takes out of the mailbox in a call is handled later, in its order")
  void takenOut() throws Exception {
    int count = 100;
    List<Object> seen = new CopyOnWriteArrayList<>();
    CountDownLatch inside = new CountDownLatch(1);
    AtomicBoolean sent = new AtomicBoolean();
    Pid server =
        server(
            (self, message) -> {
              if (message instanceof Request request) {
                inside.countDown();
                while (!sent.get()) {
                  Thread.onSpinWait();
                }
                boolean _ = self.unalias(self.alias()); // takes out what has arrived
                request.reply(Thread.currentThread());
              } else {
                seen.add(message);
              }
            });
    CompletableFuture<Boolean> same =
        started(self -> Thread.currentThread().equals(self.call(server, "go", LONG)));
    assertTrue(inside.await(20, SECONDS));
    List<Object> expected = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      node.send(server, i);
      expected.add(i);
    }
    sent.set(true);
    assertTrue(same.get(20, SECONDS));
    await("all are handled").atMost(LONG).until(() -> seen.size() == count);
    assertEquals(expected, seen);
    await("it rests").atMost(LONG).until(() -> status(server) == ProcessStatus.IDLE);
  }

  @Test
  @DisplayName("the caller waits for an answer that the server gives later")
  void laterReply() throws Exception {
    List<Request> open = new ArrayList<>();
    Pid server =
        server(
            (self, message) -> {
              if (message instanceof Request request) {
                open.add(request);
                self.sendAfter(Duration.ofMillis(1), self.pid(), "answer");
              } else {
                open.removeFirst().reply("later");
              }
            });
    assertEquals("later", inProcess(self -> self.call(server, "x", LONG)));
    CallFailed late =
        inProcess(
            self ->
                assertThrows(
                    CallFailed.class,
                    () -> self.call(node.spawn((me, m) -> {}, NEVER), "x", Duration.ZERO)));
    assertEquals(ExitReason.TIMEOUT, late.reason());
  }

  @Test
  @DisplayName("a caller deep in its stack does not take a server's stack away")
  void deepCaller() throws Exception {
    Pid server = server((self, message) -> reply(message, deep(DEPTH, 1, 1, 1, 1, 1, 1, 1, 1)));
    inProcess(self -> self.call(server, "x", LONG)); // on its stack: all classes are loaded
    await("it rests").atMost(LONG).until(() -> status(server) == ProcessStatus.IDLE);
    inProcess(self -> callAtTheEnd(self, server));
    assertTrue(node.isAlive(server));
    assertEquals(8L * DEPTH, node.call(server, "x", LONG));
  }

  /** Needs more of a stack than an operation of the kernel may, and less than a server may. */
  @SuppressWarnings("TooManyParameters") // alive across the call: compiled frames are large, too
  private static long deep(
      int depth, long a, long b, long c, long d, long e, long f, long g, long h) {
    long below = depth == 1 ? 0 : deep(depth - 1, h, a, b, c, d, e, f, g);
    return below + a + b + c + d + e + f + g + h;
  }

  @SuppressWarnings("InfiniteRecursion") // on purpose
  private static boolean callAtTheEnd(Context self, Pid server) {
    boolean called = false;
    try {
      called = callAtTheEnd(self, server);
    } catch (StackOverflowError end) {
      // further up there is room for it
    }
    if (!called) {
      try {
        assertEquals(8L * DEPTH, self.call(server, "x", LONG));
        called = true;
      } catch (StackOverflowError none) {
        called = false;
      }
    }
    return called;
  }

  @Test
  @DisplayName("thread name, class loader and interrupt of caller and server are their own")
  void thread() throws Exception {
    ClassLoader loader = new ClassLoader() {};
    List<@Nullable Object> seen = new CopyOnWriteArrayList<>();
    Pid server =
        server(
            (self, message) -> {
              Thread thread = Thread.currentThread();
              seen.add(thread.getName().contains("runner"));
              seen.add(loader.equals(thread.getContextClassLoader()));
              seen.add(thread.isInterrupted());
              thread.setName("server");
              thread.setContextClassLoader(null);
              thread.interrupt();
              reply(message, thread);
            });
    inProcess(
        self -> {
          Thread thread = Thread.currentThread();
          thread.setName("caller");
          thread.setContextClassLoader(loader);
          for (int i = 0; i < 3; i++) {
            seen.clear();
            assertSame(thread, self.call(server, "x", LONG));
            assertEquals(List.of(true, false, false), seen);
            assertEquals("caller", thread.getName());
            assertSame(loader, thread.getContextClassLoader());
            assertFalse(thread.isInterrupted());
          }
          thread.interrupt();
          Object other = self.call(server, "x", LONG);
          assertTrue(Thread.interrupted(), "its interrupt was lost");
          assertNotSame(thread, other);
          return true;
        });
  }

  @Test
  @NeedsOpenJdk("why: else nobody sees what is bound to a thread")
  @DisplayName("thread locals and scoped values of caller and server are their own")
  void values() throws Exception {
    ThreadLocal<String> local = new ThreadLocal<>();
    ScopedValue<String> scoped = ScopedValue.newInstance();
    List<@Nullable Object> seen = new CopyOnWriteArrayList<>();
    Pid server =
        server(
            (self, message) -> {
              seen.add(String.valueOf(local.get()));
              seen.add(scoped.isBound());
              local.set("server");
              reply(message, Thread.currentThread());
            });
    inProcess(
        self -> {
          Thread thread = Thread.currentThread();
          local.set("caller");
          for (String expected : List.of("null", "server", "server")) {
            seen.clear();
            assertSame(thread, self.call(server, "x", LONG));
            assertEquals(List.of(expected, false), seen);
            assertEquals("caller", local.get());
          }
          seen.clear();
          ScopedValue.where(scoped, "caller").run(() -> self.call(server, "x", LONG));
          assertEquals(List.of("server", false), seen);
          assertSame(thread, self.call(server, "x", LONG), "no scoped value is bound any more");
          return true;
        });
    assertNull(local.get());
  }

  @Test
  @DisplayName("an interrupt that comes while the caller gives way before a call is not lost")
  void interruptedBetweenCalls() throws Exception {
    AtomicInteger hit = new AtomicInteger();
    Pid server =
        server(
            (self, message) -> {
              reply(message, "answer");
              for (int i = 0; i < 100; i++) {
                Thread.onSpinWait();
              }
              if (Thread.interrupted()) {
                hit.getAndIncrement();
              }
            });
    AtomicBoolean sent = new AtomicBoolean();
    Pid other =
        server(
            (self, message) -> {
              ((Thread) message).interrupt();
              sent.set(true);
            });
    int kept =
        inProcess(
            self -> {
              int count = 0;
              for (int round = 0; round < 20; round++) {
                sent.set(false);
                self.send(other, Thread.currentThread());
                while (!sent.get()) {
                  self.call(server, "x", LONG);
                }
                count += Thread.interrupted() ? 1 : 0;
              }
              return count;
            });
    // An extra scheduler, or one whose seat the caller has lost, may interrupt the server instead.
    assertTrue(kept + hit.get() > 10, kept + " and " + hit + " of 20");
  }

  @Test
  @DisplayName("a server's context is not its caller's, and the other way round")
  void contexts() throws Exception {
    AtomicBoolean refused = new AtomicBoolean();
    CompletableFuture<Context> caller = new CompletableFuture<>();
    Pid server =
        server(
            (self, message) -> {
              assertThrows(IllegalStateException.class, () -> caller.join().trapExit(true));
              refused.set(true);
              reply(message, self.pid());
            });
    inProcess(
        self -> {
          caller.complete(self);
          assertEquals(server, self.call(server, "x", LONG));
          self.trapExit(true); // its own again
          return true;
        });
    assertTrue(refused.get());
  }

  @Test
  @DisplayName("two callers on two schedulers lose and repeat no call")
  void exact() throws Exception {
    try (Node two = Node.start(NodeOptions.DEFAULT.withSchedulers(2))) {
      int calls = 50_000;
      int[] count = new int[1];
      Pid server = two.spawn((self, message) -> reply(message, ++count[0]), NEVER);
      CountDownLatch done = new CountDownLatch(2);
      for (int caller = 0; caller < 2; caller++) {
        two.spawn(
            self -> {
              int last = 0;
              for (int i = 0; i < calls; i++) {
                int value = (Integer) Objects.requireNonNull(self.call(server, "x", LONG));
                assertTrue(value > last, "from " + last + " to " + value);
                last = value;
              }
              done.countDown();
            });
      }
      assertTrue(done.await(20, SECONDS));
      assertEquals(2 * calls + 1, two.call(server, "x", LONG));
    }
  }
}
