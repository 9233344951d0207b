package io.coppice.examples.ledger;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.supervisor.ChildInfo;
import io.coppice.supervisor.SupervisorRef;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Kills random processes of the ledger, for as long as it lives.
 *
 * <p>First it kills one of each {@link Role}, in turn, so that every run has seen them all; then
 * whom it likes. A kill cannot be trapped and gives its victim no time for a last word.
 */
final class Chaos implements ProcessBody {
  private static final Duration ASK = Duration.ofSeconds(1);
  private static final List<Role> ALL = List.of(Role.values());
  private static final List<String> SUPERVISORS =
      List.of(Names.DATABASE, Names.ACCOUNTS, Names.HTTP, Names.CONNECTIONS);
  private final ChaosPlan plan;
  private final RandomGenerator random;
  private final ChaosTally tally;

  Chaos(ChaosPlan plan, ChaosTally tally) {
    this.plan = plan;
    this.random = new SplittableRandom(plan.seed() + tally.total());
    this.tally = tally;
  }

  @Override
  public void run(Context self) {
    while (true) {
      List<Role> spared = tally.spared();
      self.sleep(pause(spared.isEmpty()));
      List<Role> candidates = spared.isEmpty() ? ALL : spared;
      strike(self, candidates.get(random.nextInt(candidates.size())));
    }
  }

  /** From half to one and a half times the mean; less while the first round is to be done. */
  private Duration pause(boolean firstRoundDone) {
    double mean = 1 / plan.rate();
    double most = plan.firstRound().toNanos() / 1e9 / ALL.size();
    double seconds = firstRoundDone ? mean : Math.min(mean, most);
    return Duration.ofNanos((long) (seconds * (0.5 + random.nextDouble()) * 1e9));
  }

  private void strike(Context self, Role role) {
    if (role == Role.WRITER_IN_MID_COMMIT) {
      tally.layTrap();
      return;
    }
    Optional<Pid> victim = victim(self, role);
    if (victim.isPresent()) {
      self.exit(victim.get(), ExitReason.KILL);
      tally.killed(role);
    }
  }

  private Optional<Pid> victim(Context self, Role role) {
    return switch (role) {
      case ACCOUNT -> childOf(self, Names.ACCOUNTS);
      case HTTP_HANDLER -> childOf(self, Names.CONNECTIONS);
      case WRITER, WRITER_IN_MID_COMMIT -> self.whereis(Names.WRITER);
      case READER -> self.whereis(Names.READER);
      case LISTENER -> self.whereis(Names.LISTENER);
      case REGISTRY -> self.whereis(Names.REGISTRY);
      case SUPERVISOR -> self.whereis(SUPERVISORS.get(random.nextInt(SUPERVISORS.size())));
    };
  }

  private Optional<Pid> childOf(Context self, String supervisor) {
    try {
      List<Pid> children =
          SupervisorRef.named(self, supervisor).timeout(ASK).whichChildren().stream()
              .map(ChildInfo::pid)
              .filter(Objects::nonNull)
              .toList();
      return children.isEmpty()
          ? Optional.empty()
          : Optional.of(children.get(random.nextInt(children.size())));
    } catch (CallFailed _) {
      return Optional.empty(); // it was killed a moment ago
    }
  }
}
