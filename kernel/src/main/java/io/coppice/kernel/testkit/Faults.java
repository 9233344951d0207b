package io.coppice.kernel.testkit;

import io.coppice.kernel.cell.ProcessCell;
import io.coppice.kernel.cell.SimulatedWorld;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.scheduler.Interceptor;
import io.coppice.kernel.scheduler.SimulatedScheduler;
import io.coppice.kernel.testkit.FaultRule.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Looks at all that happens on a test node: injects the faults of its rules, and finds messages and
 * locks that break the rules of the house. Used by whoever has control of the simulation.
 */
final class Faults implements Interceptor {
  private static final long DICE = 0x5eed_fa01_7d1ce000L; // not the dice of the schedule
  private static final int FRAMES = 3;

  private final SimulatedWorld world;
  private final SimulatedScheduler scheduler;
  private final Function<Pid, Optional<ProcessInfo>> infos;
  private final @Nullable MessageCheck messageCheck;
  private final boolean lockCheck;
  private final SplittableRandom random;
  private final List<Armed> turnRules = new ArrayList<>();
  private final List<Armed> messageRules = new ArrayList<>();
  private final List<InjectedFault> injected = new ArrayList<>();
  private final Map<Route, HeldMail> held = new HashMap<>();
  private final Map<ProcessCell, List<Request>> lost = new HashMap<>();
  private final Set<Pid> spared = new HashSet<>();
  private boolean over;

  private record Route(@Nullable ProcessCell from, ProcessCell to) {}

  /** A rule and what it has seen. */
  private static final class Armed {
    final FaultRule rule;
    long seen;
    long applied;

    Armed(FaultRule rule) {
      this.rule = rule;
    }
  }

  Faults(
      long seed,
      TestOptions options,
      SimulatedWorld world,
      SimulatedScheduler scheduler,
      Function<Pid, Optional<ProcessInfo>> infos) {
    this.random = new SplittableRandom(seed ^ DICE);
    this.messageCheck = options.messageCheck() ? new MessageCheck(options.mutableMessages()) : null;
    this.lockCheck = options.lockCheck();
    this.world = world;
    this.scheduler = scheduler;
    this.infos = infos;
  }

  void add(FaultRule rule) {
    (rule.isAboutMessages() ? messageRules : turnRules).add(new Armed(rule));
  }

  void clear() {
    turnRules.clear();
    messageRules.clear();
  }

  /** No fault hits this process: it is the test. */
  void spare(Pid pid) {
    spared.add(pid);
  }

  List<InjectedFault> injected() {
    return List.copyOf(injected);
  }

  /** The test is over: what was delayed arrives now, and nothing goes wrong any more. */
  void end() {
    over = true;
    held.values().forEach(HeldMail::release);
    held.clear();
  }

  // ---- turns

  @Override
  public void beforeTurn(ProcessCell cell) {
    if (turnRules.isEmpty() || over || spared.contains(cell)) {
      return;
    }
    for (Armed armed : turnRules) {
      if (applies(armed, cell, null) && armed.rule.action() instanceof Action.Kill kill) {
        kill(armed, cell, kill.reason());
        return;
      }
    }
  }

  private void kill(Armed armed, ProcessCell cell, ExitReason reason) {
    record(armed, "killed " + describe(cell));
    world.exit(cell, reason);
  }

  private boolean applies(Armed armed, ProcessCell cell, @Nullable Object message) {
    FaultRule rule = armed.rule;
    if (armed.applied >= rule.most() || (message != null && !rule.matches(message))) {
      return false;
    }
    Optional<ProcessInfo> info = infos.apply(cell);
    if (info.isEmpty() || !rule.isFor(info.get()) || ++armed.seen < rule.first()) {
      return false;
    }
    return rule.chance() >= 1 || random.nextDouble() < rule.chance();
  }

  private void record(Armed armed, String what) {
    armed.applied++;
    Duration now = Duration.ofNanos(scheduler.clock().nanoTime());
    injected.add(new InjectedFault(now, scheduler.steps(), what, armed.rule.toString()));
  }

  private String describe(ProcessCell cell) {
    return infos.apply(cell).map(Diagnosis::nameOf).orElse(cell.toString());
  }

  // ---- messages and signals

  @Override
  public boolean holdsBack(
      @Nullable ProcessCell from, ProcessCell to, Object item, @Nullable Object message) {
    if (over) {
      return false;
    }
    long delay = 0;
    if (message != null) {
      check(from, to, message);
      Armed armed = spared.contains(to) ? null : ruleFor(to, message);
      if (armed != null) {
        switch (armed.rule.action()) {
          case Action.Kill(ExitReason reason) -> kill(armed, to, reason);
          case Action.Drop() -> {
            drop(armed, to, message);
            SimulatedWorld.forget(to, item);
            return true;
          }
          case Action.Delay(long least, long most) -> {
            delay = least == most ? least : random.nextLong(least, most + 1);
            String by = Duration.ofNanos(delay).toString();
            record(armed, "delayed " + what(message) + " to " + describe(to) + " by " + by);
          }
        }
      }
    }
    return holdsBack(new Route(from, to), item, delay);
  }

  private @Nullable Armed ruleFor(ProcessCell to, Object message) {
    for (Armed armed : messageRules) {
      if (applies(armed, to, message)) {
        return armed;
      }
    }
    return null;
  }

  private void drop(Armed armed, ProcessCell to, Object message) {
    record(armed, "dropped " + what(message) + " to " + describe(to));
    if (message instanceof Request request) {
      lost.computeIfAbsent(to, _ -> new ArrayList<>()).add(request);
    }
  }

  private boolean holdsBack(Route route, Object item, long delayNanos) {
    HeldMail mail = held.get(route);
    if (delayNanos == 0 && (mail == null || mail.isEmpty())) {
      return false;
    }
    if (mail == null) {
      mail = new HeldMail(scheduler, route.from(), route.to());
      held.put(route, mail);
    }
    mail.add(item, delayNanos);
    return true;
  }

  private static String what(Object message) {
    Object inside = message instanceof Request request ? request.payload() : message;
    String type = inside.getClass().getTypeName();
    return message instanceof Request ? "request " + type : type;
  }

  // ---- rules of the house

  private void check(@Nullable ProcessCell from, ProcessCell to, Object message) {
    boolean toItself = to.equals(from); // shared with nobody
    String found = messageCheck == null || toItself ? null : messageCheck.find(message);
    if (found == null) {
      return;
    }
    StringBuilder out = new StringBuilder("a message is not immutable: ").append(what(message));
    out.append(" from ").append(from == null ? "outside" : describe(from));
    out.append(" to ").append(describe(to)).append("; ").append(found);
    out.append(
        ". Sender and receiver share it. Send a record, or a copy such as List.copyOf, or let the"
            + " type pass with TestOptions.withMutableMessage");
    Diagnosis.ownFrames(Thread.currentThread().getStackTrace())
        .limit(FRAMES)
        .forEach(frame -> out.append("\n    at ").append(frame));
    scheduler.breakRule(out.toString());
  }

  @Override
  public void ended(ProcessCell cell, ExitReason reason) {
    List<Request> unanswered = lost.remove(cell);
    if (unanswered != null) {
      unanswered.forEach(request -> request.fail(reason));
    }
    if (lockCheck && reason instanceof ExitReason.Crashed(Throwable error)) {
      checkLocks(cell, error);
    }
  }

  private void checkLocks(ProcessCell cell, Throwable error) {
    StackTraceElement[] stack = error.getStackTrace();
    if (error instanceof IllegalMonitorStateException
        && stack.length > 0
        && stack[0].getClassName().startsWith("java.util.concurrent.locks.")) {
      StringBuilder out = new StringBuilder("process ").append(cell);
      out.append(" gave a lock back in another turn than it took it in. ").append(LOCKS);
      List.of(stack).forEach(frame -> out.append("\n    at ").append(frame));
      scheduler.breakRule(out.toString());
    }
  }

  /** Why locks and turns do not go together. */
  static final String LOCKS =
      "A lock of java.util.concurrent belongs to a thread, and threads are shared by processes:"
          + " give it back in the same turn, or let a process own what it guards";
}
