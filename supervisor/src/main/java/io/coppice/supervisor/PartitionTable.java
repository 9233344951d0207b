package io.coppice.supervisor;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of one life of a partition supervisor. The supervisor enters them, anybody looks;
 * what stands there may have ended, so each look asks the process too.
 */
final class PartitionTable {
  private final Processes node;
  private final Pid supervisor;
  private final AtomicReferenceArray<@Nullable Pid> pids;
  private final List<ChildSpec> specs; // complete before anybody else looks
  private final AtomicBoolean resizing = new AtomicBoolean();
  private volatile int size;

  PartitionTable(Processes node, Pid supervisor, int size) {
    this.node = node;
    this.supervisor = supervisor;
    this.pids = new AtomicReferenceArray<>(size);
    this.specs = new ArrayList<>(size);
    this.size = size;
  }

  boolean isOver() {
    return node.hasEnded(supervisor);
  }

  boolean isOn(Processes other) {
    return node.equals(other);
  }

  SupervisorRef supervisor() {
    return SupervisorRef.of(node, supervisor);
  }

  void send(Pid to, Object message) {
    node.send(to, message);
  }

  int size() {
    return size;
  }

  // ---- looking

  Optional<Pid> whereis(Object key, String name) {
    return Optional.ofNullable(pids.get(partitionOf(key, name))).filter(pid -> !node.hasEnded(pid));
  }

  int partitionOf(Object key, String name) {
    int count = size;
    if (count == 0) {
      throw new IllegalArgumentException(
          "The partition supervisor "
              + name
              + " has zero partitions, so "
              + key
              + " leads nowhere; it was resized to that.");
    }
    return switch (key) {
      case Long number -> (int) Math.abs(number % count);
      case Integer number -> Math.abs(number % count);
      case Short number -> Math.abs(number % count);
      case Byte number -> Math.abs(number % count);
      case BigInteger number -> number.abs().mod(BigInteger.valueOf(count)).intValue();
      default -> Math.floorMod(spread(key.hashCode()), count);
    };
  }

  /** Hash codes of neighbours differ in their lowest bits, or only in their highest ones. */
  private static int spread(int hash) {
    int mixed = (hash ^ (hash >>> 16)) * 0x9E37_79B1;
    return mixed ^ (mixed >>> 15);
  }

  // ---- entering

  /** The next partition: a child whose start enters what it has started. */
  ChildSpec entering(int partition, ChildSpec child) {
    ChildStart start = child.start();
    ChildSpec entering =
        child
            .id(String.valueOf(partition))
            .withStart(self -> entered(partition, started(start, self)));
    specs.add(entering);
    return entering;
  }

  private StartResult started(ChildStart start, Context self) throws Exception {
    try {
      return start.start(self);
    } catch (NameTaken taken) {
      return StartResult.failed(new AlreadyStarted(taken.holder()).asReason());
    }
  }

  private StartResult entered(int partition, StartResult result) {
    switch (result) {
      case StartResult.Ok(Pid pid) -> pids.set(partition, pid);
      case StartResult.OkInfo(Pid pid, _) -> pids.set(partition, pid);
      case StartResult.Failed(ExitReason.Custom(AlreadyStarted(Pid holder))) when has(holder) ->
          throw new IllegalArgumentException(
              "The partitions would all have the same registered name; spawn them without one:"
                  + " ChildSpec.of(id, SpawnOptions.DEFAULT, …).");
      case StartResult.Ignored(), StartResult.Failed(_) -> {}
    }
    return result;
  }

  private boolean has(Pid pid) {
    for (int i = 0; i < pids.length(); i++) {
      if (pid.equals(pids.get(i))) {
        return true;
      }
    }
    return false;
  }

  // ---- resizing

  int resize(int value, String name) {
    if (value < 0 || value > pids.length()) {
      throw new IllegalArgumentException(
          "The partition supervisor "
              + name
              + " was to be resized to "
              + value
              + ", but it can have 0 to "
              + pids.length()
              + " partitions, the number that it was started with.");
    }
    if (!resizing.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "The partition supervisor " + name + " is being resized by somebody else just now.");
    }
    try {
      return resized(value);
    } finally {
      resizing.set(false);
    }
  }

  private int resized(int value) {
    int before = size;
    SupervisorRef ref = supervisor();
    if (value < before) {
      size = value;
      // Also those beyond: a resize that failed half-way has left some running.
      for (int i = pids.length() - 1; i >= value; i--) {
        Outcome stopped = ref.terminateChild(String.valueOf(i));
        if (!stopped.equals(Outcome.refused(Refusal.NOT_FOUND))) { // a temporary one may be gone
          stopped.orThrow();
        }
      }
    } else {
      for (int i = before; i < value; i++) {
        StartOutcome outcome = ref.restartChild(String.valueOf(i));
        if (outcome.equals(new StartOutcome.Refused(Refusal.NOT_FOUND))) {
          outcome = ref.startChild(specs.get(i)); // temporary, so nothing was kept of it
        }
        if (outcome instanceof StartOutcome.Failed failed) {
          Pid _ = failed.pid(); // throws, with the reason
        }
      }
      size = value;
    }
    return before;
  }
}
