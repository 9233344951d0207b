package io.coppice.behaviours.application;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One call of {@code startPhase} (semantics AP5). */
record PhaseStep(ApplicationSpec application, Phase phase) {
  /**
   * All of them for the start of an application: for each of its phases first it, then each
   * included application that declares the phase and, if that one says so, those it includes.
   *
   * @param find the specification of an included application
   */
  static List<PhaseStep> of(ApplicationSpec primary, Function<String, ApplicationSpec> find) {
    List<PhaseStep> steps = new ArrayList<>();
    for (Phase phase : primary.phases()) {
      steps.add(new PhaseStep(primary, phase));
      addIncluded(primary, phase.name(), find, steps);
    }
    return steps;
  }

  private static void addIncluded(
      ApplicationSpec by,
      String phase,
      Function<String, ApplicationSpec> find,
      List<PhaseStep> steps) {
    if (!by.phasesOfIncluded()) {
      return;
    }
    for (String name : by.includedApplications()) {
      ApplicationSpec included = find.apply(name);
      Phase own = phaseOf(included, phase);
      if (own != null) {
        steps.add(new PhaseStep(included, own));
      }
      addIncluded(included, phase, find, steps);
    }
  }

  private static @Nullable Phase phaseOf(ApplicationSpec application, String phase) {
    for (Phase own : application.phases()) {
      if (own.name().equals(phase)) {
        return own;
      }
    }
    return null;
  }
}
