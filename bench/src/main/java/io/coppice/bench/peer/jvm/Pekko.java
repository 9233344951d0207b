package io.coppice.bench.peer.jvm;

import static io.coppice.bench.peer.jvm.PekkoCrowd.idleTreeDriver;
import static io.coppice.bench.peer.jvm.PekkoCrowd.panicDriver;
import static io.coppice.bench.peer.jvm.PekkoMessages.bigDriver;
import static io.coppice.bench.peer.jvm.PekkoMessages.mpscDriver;
import static io.coppice.bench.peer.jvm.PekkoMessages.ringDriver;
import static io.coppice.bench.peer.jvm.PekkoServers.How;
import static io.coppice.bench.peer.jvm.PekkoServers.callDriver;
import static io.coppice.bench.peer.jvm.PekkoServers.castDriver;
import static io.coppice.bench.peer.jvm.PekkoServers.respawnDriver;
import static io.coppice.bench.peer.jvm.PekkoServers.restartDriver;
import static io.coppice.bench.peer.jvm.PekkoServers.selectiveDriver;
import static io.coppice.bench.peer.jvm.PekkoSpawning.chainDriver;
import static io.coppice.bench.peer.jvm.PekkoSpawning.deepDriver;
import static io.coppice.bench.peer.jvm.PekkoSpawning.panicTreeDriver;
import static io.coppice.bench.peer.jvm.PekkoSpawning.pingPongDriver;
import static io.coppice.bench.peer.jvm.PekkoSpawning.skynetDriver;
import static io.coppice.bench.peer.jvm.PekkoSpawning.stormDriver;
import static io.coppice.bench.peer.jvm.PekkoSpawning.stormTreeDriver;
import static io.coppice.bench.peer.jvm.PekkoSpawning.timersTreeDriver;
import static io.coppice.bench.peer.jvm.PekkoTimers.fanDriver;
import static io.coppice.bench.peer.jvm.PekkoTimers.startAllCancelAllDriver;
import static io.coppice.bench.peer.jvm.PekkoTimers.startCancelDriver;
import static io.coppice.bench.peer.jvm.PekkoTimers.timersDriver;
import static io.coppice.bench.peer.jvm.PekkoTimers.yieldDriver;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Pekko typed actors. Every run starts one driver actor; the processes are its children. Where the
 * work is done when all have ended, that is when the driver has stopped. {@code _tree} has a parent
 * for each hundred or thousand: an actor keeps its children in one immutable tree.
 */
final class Pekko extends JvmPeer {
  /** Rows of a system with that throughput. */
  static final String OTHER = "_throughput100";

  static final Duration TIMEOUT = Duration.ofSeconds(5);

  record Run(Behavior<?> driver, CountDownLatch gone) {}

  record Gone(CountDownLatch latch) {}

  private final ActorSystem<Object> system;
  private CountDownLatch last = new CountDownLatch(0);

  static Behavior<Object> guardian() {
    return Behaviors.receive(
        (ctx, m) -> {
          switch (m) {
            case Run r -> ctx.watchWith(ctx.spawnAnonymous(r.driver), new Gone(r.gone));
            case Gone g -> g.latch.countDown();
            default -> {}
          }
          return Behaviors.same();
        });
  }

  /**
   * Starts the system.
   *
   * @param par threads
   * @param throughput messages that an actor handles in one turn; 5 is Pekko's default
   */
  Pekko(int par, int throughput) {
    String tick = "1ms"; // 10 ms is Pekko's default
    Config conf =
        ConfigFactory.parseString(
                """
                pekko.loglevel = OFF
                pekko.stdout-loglevel = OFF
                pekko.log-dead-letters = off
                pekko.log-dead-letters-during-shutdown = off
                pekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off
                pekko.actor.default-dispatcher.fork-join-executor {
                  parallelism-min = %1$d
                  parallelism-max = %1$d
                  parallelism-factor = 1.0
                }
                pekko.actor.default-dispatcher.throughput = %2$d
                pekko.scheduler.tick-duration = %3$s
                """
                    .formatted(par, throughput, tick))
            .withFallback(ConfigFactory.load());
    system = ActorSystem.create(guardian(), "bench", conf);

    works.put("chained_spawn", () -> run(f -> chainDriver(1000, f)));
    works.put("ping_pong_oneshot", () -> run(f -> pingPongDriver(1000, f)));
    works.put("spawn_storm_busy", () -> run(f -> stormDriver(8, 10_000, f)));
    works.put("yield_many", () -> run(f -> yieldDriver(200, 1000, f)));
    works.put("yield_in_hot_loop_pair", () -> run(f -> yieldDriver(2, 500_000, f)));
    works.put("yield_in_hot_loop", () -> run(f -> yieldDriver(1, 1_000_000, f)));
    works.put("many_timers", () -> run(f -> timersDriver(10_000, f)));
    works.put("fan_out_compute", () -> check((long) run(f -> fanDriver(f)) == FAN_SUM, "fan_out"));
    works.put("deep_recursion", () -> check((int) run(f -> deepDriver(500, f)) == 500, "deep"));
    works.put("mpsc_contention", () -> run(f -> mpscDriver(8, 50_000, f)));
    works.put("uncontended_channel", () -> run(f -> mpscDriver(1, 1_000_000, f)));
    works.put("catch_unwind_panics", () -> run(f -> panicDriver(10_000, f)));
    for (How how : How.values()) {
      works.put(
          "gen_server_call" + how.suffix,
          () -> check((int) run(f -> callDriver(1, 100_000, how, f)) == 100_000, "call"));
      works.put(
          "call_fan_in" + how.suffix,
          () -> check((int) run(f -> callDriver(100, 1000, how, f)) == 100_000, "fan_in"));
    }
    // 100 parents with 100 children each: a parent keeps its children in one immutable red-black
    // tree
    works.put("spawn_storm_busy_tree", () -> run(f -> stormTreeDriver(8, 100, 100, f)));
    works.put("many_timers_tree", () -> run(f -> timersTreeDriver(100, 100, f)));
    works.put("catch_unwind_panics_tree", () -> run(f -> panicTreeDriver(100, 100, f)));
    works.put(
        "gen_server_cast",
        () -> check((int) run(f -> castDriver(1_000_000, f)) == 1_000_000, "cast"));
    works.put("supervisor_restart", () -> run(f -> restartDriver(10_000, f)));
    works.put("supervisor_restart_respawn", () -> run(f -> respawnDriver(10_000, f)));
    works.put("spawn_1m_idle_tree", () -> run(f -> idleTreeDriver(1000, 1000, f)));
    works.put("timers_start_cancel", () -> run(f -> startCancelDriver(1_000_000, f)));
    works.put(
        "timers_start_cancel_all_live", () -> run(f -> startAllCancelAllDriver(1_000_000, f)));
    works.put(
        "skynet", () -> check((long) run(f -> skynetDriver(1_000_000, f)) == SKYNET_SUM, "skynet"));
    works.put("thread_ring", () -> run(f -> ringDriver(503, 1_000_000, f)));
    works.put("big", () -> run(f -> bigDriver(100, 2000, f)));
    works.put(
        "selective_receive", () -> run(f -> selectiveDriver(10_000, 1000, this::startClock, f)));
    for (String name : List.of("uncontended_channel", "gen_server_cast", "big")) {
      works.put(name + OTHER, Objects.requireNonNull(works.get(name)));
    }
  }

  @Override
  Idle idle() {
    return count -> PekkoCrowd.idleBytes(this, count);
  }

  /** A driver that is not waited for. */
  void start(Behavior<?> driver) {
    system.tell(new Run(driver, new CountDownLatch(1)));
  }

  Object run(Function<CompletableFuture<Object>, Behavior<?>> make) throws Exception {
    var result = new CompletableFuture<Object>();
    last = new CountDownLatch(1);
    system.tell(new Run(make.apply(result), last));
    return result.get();
  }

  @Override
  void settle() throws Exception {
    last.await();
  }

  @Override
  public void close() {
    system.terminate();
  }

  enum Sig {
    GO,
    DONE,
    TICK,
    CRASH,
    STARTED
  }

  /** Counts n messages, then stops; the result is completed once all children have terminated. */
  static <T> Behavior<T> countDown(int n, CompletableFuture<Object> f) {
    int[] left = {n};
    return Behaviors.receiveMessage(
        m -> --left[0] == 0 ? Behaviors.stopped(() -> f.complete(n)) : Behaviors.same());
  }
}
