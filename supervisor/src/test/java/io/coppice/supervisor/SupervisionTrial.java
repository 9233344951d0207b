package io.coppice.supervisor;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A supervisor with random children on a test node, one to three of which crash at the same time,
 * again and again. After each round it must look like one of the supervisors of {@link
 * SupervisionRules} to which the same has happened, in some order.
 */
final class SupervisionTrial {
  private static final Duration SETTLED =
      Duration.ofNanos(1); // time stands still while anybody runs
  private static final int ROUNDS = 5;
  private static final long PERIOD = 100;
  private static final List<ExitReason> REASONS =
      List.of(
          ExitReason.NORMAL,
          ExitReason.SHUTDOWN,
          ExitReason.shutdown("done"),
          ExitReason.of("boom"),
          ExitReason.KILL);

  /** Starts the supervisor that is tried. */
  interface Launcher {
    Pid launch(Context parent, SupervisorSpec spec);
  }

  /** Tells a worker to end. */
  private record Die(ExitReason reason) {}

  private record Victim(String id, int life, boolean clean) {}

  private final Random random;
  private final Set<String> covered;
  private final List<String> log = new ArrayList<>();
  private final Map<String, Pid> pids = new HashMap<>();
  private final Map<String, Integer> failures = new HashMap<>();
  private final SupervisionRules.Told told;
  private final String history;
  private List<SupervisionRules> possible;

  private SupervisionTrial(long seed, Set<String> covered) {
    this.random = new Random(seed);
    this.covered = covered;
    this.told = tell();
    this.history = "told " + told;
    this.possible = List.of(new SupervisionRules(told));
  }

  /** Runs it on a node, with what the node's seed decides. */
  static void run(TestNode node, Launcher launcher, Set<String> covered) {
    node.run(self -> new SupervisionTrial(node.seed(), covered).run(self, launcher));
  }

  // ---- what is told

  private SupervisionRules.Told tell() {
    Strategy strategy = any(List.of(Strategy.values()));
    boolean simple = strategy == Strategy.SIMPLE_ONE_FOR_ONE;
    AutoShutdown auto = simple ? AutoShutdown.NEVER : any(List.of(AutoShutdown.values()));
    Restart ofAll = any(List.of(Restart.values()));
    int count = 1 + random.nextInt(4);
    List<SupervisionRules.Rule> rules = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Restart restart = simple ? ofAll : any(List.of(Restart.values()));
      boolean significant =
          auto != AutoShutdown.NEVER && restart != Restart.PERMANENT && random.nextBoolean();
      rules.add(new SupervisionRules.Rule("abcd".substring(i, i + 1), restart, significant));
    }
    return new SupervisionRules.Told(strategy, auto, random.nextInt(5), PERIOD, rules);
  }

  private SupervisorSpec spec() {
    Supervisor supervisor =
        switch (told.strategy()) {
          case ONE_FOR_ONE -> Supervisor.oneForOne();
          case ONE_FOR_ALL -> Supervisor.oneForAll();
          case REST_FOR_ONE -> Supervisor.restForOne();
          case SIMPLE_ONE_FOR_ONE ->
              Supervisor.simpleOneForOne(
                  ChildSpec.taking("template", String.class, this::start)
                      .restart(told.rules().getFirst().restart()));
        };
    supervisor =
        supervisor
            .intensity(told.intensity(), Duration.ofNanos(told.period()))
            .autoShutdown(told.autoShutdown());
    for (SupervisionRules.Rule rule :
        isSimple() ? List.<SupervisionRules.Rule>of() : told.rules()) {
      supervisor =
          supervisor.child(
              ChildSpec.starting(rule.id(), parent -> start(parent, rule.id()))
                  .restart(rule.restart())
                  .significant(rule.significant()));
    }
    return supervisor.checkedSpec();
  }

  private boolean isSimple() {
    return told.strategy() == Strategy.SIMPLE_ONE_FOR_ONE;
  }

  // ---- workers

  private StartResult start(Context supervisor, String id) {
    int left = failures.getOrDefault(id, 0);
    if (left > 0) {
      failures.put(id, left - 1);
      log.add("fail " + id);
      return StartResult.failed(ExitReason.of("no"));
    }
    Pid pid = supervisor.start(worker(id), SpawnOptions.DEFAULT.link(), "init", null).pid();
    log.add("start " + id);
    pids.put(id, pid);
    return StartResult.ok(pid);
  }

  private Reactive worker(String id) {
    return (self, message) -> {
      switch (message) {
        case Request init -> {
          self.trapExit(true);
          init.reply("ready");
        }
        case Exit exit -> {
          log.add("stop " + id);
          self.stop(exit.reason());
        }
        case Die(ExitReason reason) -> self.stop(reason);
        default -> throw new IllegalArgumentException("unexpected: " + message);
      }
    };
  }

  // ---- the rounds

  private void run(Context self, Launcher launcher) {
    self.trapExit(true);
    Pid supervisor = launcher.launch(self, spec());
    SupervisorRef ref = SupervisorRef.of(self.node(), supervisor);
    if (isSimple()) {
      told.rules().forEach(rule -> ref.startChildWith(rule.id()));
    }
    compare(self, ref, List.of(), "the start");
    for (int round = 0; round < ROUNDS && !possible.getFirst().ended; round++) {
      self.sleep(Duration.ofNanos(1 + random.nextInt(60)));
      List<String> running = new ArrayList<>(possible.getFirst().running());
      if (!running.isEmpty()) {
        crash(self, ref, running);
      }
    }
    if (possible.getFirst().ended) {
      check(!self.isAlive(supervisor), "the supervisor should have ended");
      check(self.processes().size() == 1, "orphans: " + self.processes());
      covered.add(told.strategy() + " " + told.autoShutdown() + " ended");
    }
    self.exit(supervisor, ExitReason.SHUTDOWN);
    self.sleep(SETTLED);
    check(!self.isAlive(supervisor), "the supervisor ends with its parent's order");
  }

  private void crash(Context self, SupervisorRef ref, List<String> running) {
    int count = Math.min(running.size(), 1 + random.nextInt(3));
    List<Victim> victims = new ArrayList<>();
    log.clear();
    possible = possible.stream().map(SupervisionRules::copy).toList();
    String only = count == 1 && random.nextInt(4) == 0 ? any(running) : null;
    if (only != null) {
      int times = 1 + random.nextInt(2);
      failures.put(only, times);
      possible.forEach(rules -> rules.failNext(only, times));
    }
    StringBuilder what = new StringBuilder();
    for (int i = 0; i < count; i++) {
      String id = running.remove(random.nextInt(running.size()));
      ExitReason reason = any(REASONS);
      boolean clean = !reason.equals(ExitReason.KILL) && !reason.equals(ExitReason.of("boom"));
      victims.add(new Victim(id, possible.getFirst().life(id), clean));
      what.append(id).append(" ends with ").append(reason).append(", ");
      told.rules().stream()
          .filter(rule -> rule.id().equals(id))
          .forEach(
              rule ->
                  covered.add(
                      told.strategy()
                          + " "
                          + rule.restart()
                          + " "
                          + reason
                          + "/"
                          + rule.significant()));
      Pid pid = Objects.requireNonNull(pids.get(id));
      if (reason.equals(ExitReason.KILL)) {
        self.exit(pid, reason);
      } else {
        self.send(pid, new Die(reason));
      }
    }
    long now = self.monotonicNanos();
    self.sleep(SETTLED);
    List<SupervisionRules> next = new ArrayList<>();
    for (SupervisionRules rules : possible) {
      for (List<Victim> order : orders(victims)) {
        SupervisionRules after = rules.copy();
        order.forEach(v -> after.ends(v.id(), v.life(), v.clean(), now));
        next.add(after);
      }
    }
    if (only != null) {
      next.forEach(rules -> rules.failNext(only, 0));
      failures.clear();
    }
    possible = next;
    compare(self, ref, victims, what + "at " + now + " ns");
  }

  private static List<List<Victim>> orders(List<Victim> victims) {
    if (victims.isEmpty()) {
      return List.of(List.of());
    }
    List<List<Victim>> all = new ArrayList<>();
    for (Victim first : victims) {
      List<Victim> others = new ArrayList<>(victims);
      others.remove(first);
      for (List<Victim> rest : orders(others)) {
        List<Victim> order = new ArrayList<>(List.of(first));
        order.addAll(rest);
        all.add(order);
      }
    }
    return all;
  }

  // ---- what is to be seen

  /** The rules that explain what is seen are the ones to go on from; there must be one. */
  private void compare(Context self, SupervisorRef ref, List<Victim> victims, String after) {
    String seen = seen(self, ref, victims);
    List<String> allowed = possible.stream().map(rules -> shown(rules, victims)).toList();
    possible =
        IntStream.range(0, allowed.size())
            .filter(i -> allowed.get(i).equals(seen))
            .mapToObj(possible::get)
            .toList();
    check(
        !possible.isEmpty(),
        after
            + "\n    seen: "
            + seen
            + "\n    allowed: "
            + String.join("\n    or: ", new HashSet<>(allowed)));
  }

  private String seen(Context self, SupervisorRef ref, List<Victim> victims) {
    boolean ended = !self.isAlive(ref.pid());
    List<String> children =
        ended ? List.of() : ref.whichChildren().reversed().stream().map(this::shown).toList();
    return shown(log, victims) + (ended ? " and ended" : inOrder(children));
  }

  private String shown(ChildInfo info) {
    String id = info.id();
    for (Map.Entry<String, Pid> entry : pids.entrySet()) {
      if (id == null && entry.getValue().equals(info.pid())) {
        id = entry.getKey();
      }
    }
    return id + "=" + info.status();
  }

  private String shown(SupervisionRules rules, List<Victim> victims) {
    return shown(rules.log, victims) + (rules.ended ? " and ended" : inOrder(rules.children()));
  }

  /** Children of a simple_one_for_one supervisor have no order, and are stopped all at once. */
  private String inOrder(List<String> lines) {
    return " " + (isSimple() ? lines.stream().sorted().toList() : lines);
  }

  /** A victim that is told to stop may obey, or end by itself before. */
  private String shown(List<String> all, List<Victim> victims) {
    List<String> lines =
        all.stream()
            .filter(line -> victims.stream().noneMatch(v -> line.equals("stop " + v.id())))
            .toList();
    return inOrder(lines).strip();
  }

  private void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise + "\n    " + history);
    }
  }

  private <T> T any(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
