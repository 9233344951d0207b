package io.coppice.supervisor;

import io.coppice.kernel.process.Pid;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Answers the questions that change nothing (semantics SU7, SU73, SU74, DS4, DS7). */
record Inspection(SupervisorSpec spec, ChildTable children, Chronicle chronicle) {
  /**
   * The answer to a query; {@code alive} is asked about children that are not known to have ended.
   */
  Object answer(Query query, Predicate<Pid> alive) {
    return switch (query) {
      case Query.WhichChildren() -> whichChildren();
      case Query.WhichChild(String id) -> info(children.withId(id));
      case Query.WhichPid(Pid pid) -> info(children.withPid(pid));
      case Query.CountChildren() -> counts(alive);
      case Query.SpecOf(String id) -> specOf(id);
      case Query.HistoryOf(String id) -> historyOf(children.withId(id));
      case Query.HistoryOfPid(Pid pid) -> historyOf(children.withPid(pid));
      case Query.History() -> chronicle.last();
      case Query.SpecOfPid(Pid pid) -> Optional.ofNullable(children.withPid(pid)).map(Child::spec);
    };
  }

  /** Newest first (SU73). */
  List<ChildInfo> whichChildren() {
    return children.newestFirst().stream().map(child -> child.info(!spec.isSimple())).toList();
  }

  private Optional<ChildInfo> info(@Nullable Child child) {
    return Optional.ofNullable(child).map(known -> known.info(!spec.isSimple()));
  }

  private static List<Failure> historyOf(@Nullable Child child) {
    Troubles troubles = child == null ? null : child.troublesIfAny();
    return troubles == null ? List.of() : troubles.history();
  }

  private Optional<ChildSpec> specOf(String id) {
    if (spec.isSimple()) {
      return Optional.of(spec.template())
          .filter(template -> template.id().equals(id) && !spec.isDynamic());
    }
    return Optional.ofNullable(children.withId(id)).map(Child::spec);
  }

  /** Whether terminating that process succeeds if it is dead (SU70). */
  boolean mayBeLongGone(Pid pid) {
    return spec.isSimple() && !spec.isDynamic() && children.withPid(pid) == null;
  }

  private ChildCounts counts(Predicate<Pid> alive) {
    List<Child> all = children.inStartOrder();
    boolean simple = spec.isSimple();
    int active = 0;
    int supervisors = 0;
    for (Child child : all) {
      if (child.isRunning() && (simple || alive.test(child.runningPid()))) {
        active++;
      }
      if (child.spec().type() == ChildType.SUPERVISOR) {
        supervisors++;
      }
    }
    int specs = simple && !spec.isDynamic() ? 1 : all.size();
    return new ChildCounts(specs, active, supervisors, all.size() - supervisors);
  }
}
