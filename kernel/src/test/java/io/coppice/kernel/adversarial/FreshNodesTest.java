package io.coppice.kernel.adversarial;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kernel workload, small, on many fresh nodes: a lost wake-up shows as a hang. */
class FreshNodesTest {
  private static final int STARTS = 50;

  /** Does its work with the node and counts down when all of it is done. */
  interface Workload {
    void run(Processes node, CountDownLatch done);
  }

  static Stream<Arguments> workloads() {
    return Stream.of(2, 4)
        .flatMap(
            schedulers ->
                Stream.of(
                    Arguments.of("chained spawn", schedulers, (Workload) FreshNodesTest::chain),
                    Arguments.of("spawn storm", schedulers, (Workload) FreshNodesTest::storm),
                    Arguments.of("calls", schedulers, (Workload) FreshNodesTest::calls),
                    Arguments.of("ping pong", schedulers, (Workload) FreshNodesTest::pingPong),
                    Arguments.of("many senders", schedulers, (Workload) FreshNodesTest::mpsc),
                    Arguments.of("timers", schedulers, (Workload) FreshNodesTest::timers),
                    Arguments.of("JDK sleeps", schedulers, (Workload) FreshNodesTest::jdkSleeps),
                    Arguments.of("yields", schedulers, (Workload) FreshNodesTest::yields),
                    Arguments.of("crashes", schedulers, (Workload) FreshNodesTest::crashes),
                    Arguments.of("linked ring", schedulers, (Workload) FreshNodesTest::ring)));
  }

  @ParameterizedTest(name = "{0}, {1} schedulers")
  @MethodSource("workloads")
  @DisplayName("no workload hangs, and none leaves a process, on 50 fresh nodes")
  void neverHangs(String name, int schedulers, Workload workload) throws Exception {
    Duration patient = Duration.ofSeconds(20); // all of them end by themselves, if given time
    NodeOptions options =
        NodeOptions.DEFAULT
            .withSchedulers(schedulers)
            .withShutdownTime(patient)
            .withKillGrace(patient)
            .withStopTime(patient)
            .withReporter(r -> {});
    for (int i = 0; i < STARTS; i++) {
      Node node = Node.start(options);
      CountDownLatch done = new CountDownLatch(1);
      workload.run(node, done);
      assertTrue(done.await(20, SECONDS), () -> name + " hangs, " + done + ": " + state(node));
      node.close();
      assertEquals(0, node.processCount(), "processes left over");
      assertEquals(0, node.runnerCount(), "runners left over");
    }
  }

  private static List<String> state(Node node) {
    return node.processes().stream().map(p -> String.valueOf(node.info(p).orElse(null))).toList();
  }

  private static void chain(Processes node, CountDownLatch done) {
    node.spawn(link(200, done));
  }

  private static ProcessBody link(int left, CountDownLatch done) {
    return self -> {
      if (left == 0) {
        done.countDown();
      } else {
        self.spawn(link(left - 1, done));
      }
    };
  }

  private static void storm(Processes node, CountDownLatch done) {
    node.spawn(
        self -> {
          for (int i = 0; i < 300; i++) {
            self.spawnMonitor(child -> {});
          }
          for (int i = 0; i < 300; i++) {
            self.receive(Down.class::isInstance);
          }
          done.countDown();
        });
  }

  private static void calls(Processes node, CountDownLatch done) {
    Pid echo = node.spawn((self, m) -> ((Request) m).reply(((Request) m).payload()));
    CountDownLatch all = new CountDownLatch(4);
    for (int c = 0; c < 4; c++) {
      node.spawn(
          self -> {
            for (int i = 0; i < 100; i++) {
              assertEquals(i, self.call(echo, i, i % 2 == 0 ? null : Duration.ofSeconds(20)));
            }
            all.countDown();
            if (all.getCount() == 0) {
              done.countDown();
            }
          });
    }
  }

  private static void pingPong(Processes node, CountDownLatch done) {
    node.spawn(
        self -> {
          Pid pong = self.spawnLink((other, message) -> other.send(self.pid(), message));
          for (int i = 0; i < 300; i++) {
            self.send(pong, i);
            assertEquals(i, self.receive());
          }
          done.countDown();
        });
  }

  private static void mpsc(Processes node, CountDownLatch done) {
    int[] count = {0};
    Pid consumer =
        node.spawn(
            (self, message) -> {
              if (++count[0] == 4 * 500) {
                done.countDown();
              }
            });
    for (int p = 0; p < 4; p++) {
      node.spawn(
          self -> {
            for (int i = 0; i < 500; i++) {
              self.send(consumer, i);
            }
          });
    }
  }

  private static void timers(Processes node, CountDownLatch done) {
    CountDownLatch all = new CountDownLatch(100);
    for (int p = 0; p < 100; p++) {
      int micros = p * 20;
      node.spawn(
          self -> {
            self.sleep(Duration.ofNanos(micros * 1_000L));
            self.sendAfter(Duration.ofNanos(micros * 1_000L), self.pid(), "late");
            self.receive();
            all.countDown();
            if (all.getCount() == 0) {
              done.countDown();
            }
          });
    }
  }

  private static void jdkSleeps(Processes node, CountDownLatch done) {
    CountDownLatch all = new CountDownLatch(50);
    for (int p = 0; p < 50; p++) {
      node.spawn(
          self -> {
            Thread.sleep(Duration.ofNanos(200_000));
            all.countDown();
            if (all.getCount() == 0) {
              done.countDown();
            }
          });
    }
  }

  private static void yields(Processes node, CountDownLatch done) {
    CountDownLatch all = new CountDownLatch(8);
    for (int p = 0; p < 8; p++) {
      node.spawn(
          self -> {
            for (int i = 0; i < 100; i++) {
              self.yieldNow();
            }
            all.countDown();
            if (all.getCount() == 0) {
              done.countDown();
            }
          });
    }
  }

  private static void crashes(Processes node, CountDownLatch done) {
    node.spawn(
        self -> {
          self.trapExit(true);
          for (int i = 0; i < 100; i++) {
            self.spawnLink(
                child -> {
                  throw child.exit(ExitReason.of("crash"));
                });
          }
          for (int i = 0; i < 100; i++) {
            self.receive();
          }
          done.countDown();
        });
  }

  private static void ring(Processes node, CountDownLatch done) {
    node.spawn(
        self -> {
          List<Pid> ring = new ArrayList<>();
          for (int i = 0; i < 100; i++) {
            Pid before = ring.isEmpty() ? null : ring.getLast();
            ring.add(
                self.spawn(
                    member -> {
                      if (before != null) {
                        member.link(before);
                      }
                      member.receive();
                    }));
          }
          ring.forEach(self::monitor);
          self.exit(ring.getFirst(), ExitReason.KILL);
          for (int i = 0; i < 100; i++) {
            self.receive();
          }
          done.countDown();
        });
  }
}
