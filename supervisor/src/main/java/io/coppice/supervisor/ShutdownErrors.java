package io.coppice.supervisor;

import io.coppice.kernel.process.ExitReason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The children that were told to stop and ended otherwise than they should (semantics SU61, DS6):
 * one report for all of a kind that ended with the same reason, however many they are (SU63).
 */
final class ShutdownErrors {
  private final boolean dynamic;
  private final Map<Kind, Group> groups = new LinkedHashMap<>();

  ShutdownErrors(SupervisorSpec spec) {
    dynamic = spec.isDynamic();
  }

  /** What there is to say about a child apart from its pid, and why it ended. */
  private record Kind(Offender anyone, ExitReason reason) {}

  private static final class Group {
    private final Child first;
    private int count;

    Group(Child first) {
      this.first = first;
    }

    Offender offender() {
      return Offender.several(count == 1 ? first.lastPid() : null, count, first.spec());
    }
  }

  /** A child has ended. */
  void note(Child child, ExitReason reason) {
    if (!isOrderly(child.spec(), reason)) {
      Kind kind = new Kind(Offender.one(null, child.spec()), reason);
      groups.computeIfAbsent(kind, _ -> new Group(child)).count++;
    }
  }

  private boolean isOrderly(ChildSpec child, ExitReason reason) {
    return dynamic ? isOrderlyWhenDynamic(child, reason) : child.isOrderlyEnd(reason);
  }

  /** DS6 differs from SU61 in what a permanent child, and one that is to be killed, may say. */
  private static boolean isOrderlyWhenDynamic(ChildSpec child, ExitReason reason) {
    if (child.shutdown() instanceof Shutdown.Brutal) {
      return reason instanceof ExitReason.Killed;
    }
    return reason instanceof ExitReason.Shutdown
        || (reason instanceof ExitReason.Normal && child.restart() != Restart.PERMANENT);
  }

  void report(SupervisorName supervisor, List<Decision> out) {
    groups.forEach(
        (kind, group) ->
            out.add(
                new Decision.Emit(
                    new SupervisorReport(
                        supervisor,
                        ErrorContext.SHUTDOWN_ERROR,
                        kind.reason(),
                        group.offender()))));
  }
}
