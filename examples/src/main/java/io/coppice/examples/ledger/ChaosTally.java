package io.coppice.examples.ledger;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How often chaos has killed whom, and the trap it lays for the writer. Shared by all incarnations
 * of {@link Chaos} and the writer; safe for all threads.
 */
final class ChaosTally implements Writer.BeforeCommit {
  private final Map<Role, AtomicLong> kills = new EnumMap<>(Role.class);
  private final AtomicBoolean trap = new AtomicBoolean();

  ChaosTally() {
    for (Role role : Role.values()) {
      kills.put(role, new AtomicLong());
    }
  }

  long kills(Role role) {
    return count(role).get();
  }

  long total() {
    return kills.values().stream().mapToLong(AtomicLong::get).sum();
  }

  void killed(Role role) {
    count(role).incrementAndGet();
  }

  List<Role> spared() {
    return Stream.of(Role.values()).filter(role -> kills(role) == 0).toList();
  }

  /** The next writer that reaches its commit will not survive it. */
  void layTrap() {
    trap.set(true);
  }

  /** Runs in the writer, with its transaction open. */
  @Override
  public void reached(Context self) {
    if (trap.compareAndSet(true, false)) {
      killed(Role.WRITER_IN_MID_COMMIT);
      self.exit(self.pid(), ExitReason.KILL);
      self.checkpoint(); // takes the kill; without it the commit would still go through
    }
  }

  private AtomicLong count(Role role) {
    AtomicLong count = kills.get(role);
    if (count == null) {
      throw new AssertionError(role);
    }
    return count;
  }

  @Override
  public String toString() {
    return Stream.of(Role.values())
        .map(role -> role + " " + kills(role))
        .collect(Collectors.joining(", "));
  }
}
