package io.coppice.behaviours.application;

import io.coppice.kernel.process.ExitReason;
import java.util.List;

/** What the controller can be asked. A problem is answered as an {@link ApplicationProblem}. */
sealed interface Command {
  /** Answered with the {@link Shared} of this controller. */
  record Open() implements Command {}

  record Define(List<ApplicationSpec> specs) implements Command {}

  record Load(String name) implements Command {}

  record Unload(String name) implements Command {}

  /** Answered when the application runs. */
  record Start(String name, StartType type) implements Command {}

  /** Answered when the application has stopped. */
  record Stop(String name) implements Command {}

  /** Answered with the running applications, in the order of their starts. */
  record Which() implements Command {}

  /** Answered with the specifications of those that are loaded. */
  record AllLoaded() implements Command {}

  /** Answered with the specification, if it is loaded or at least defined. */
  record Find(String name) implements Command {}

  record Set(List<Setting<?>> settings, boolean persistently) implements Command {}

  record Unset(String application, String key) implements Command {}

  /** Answered with whom to tell, a list of {@link Told}. */
  record Change(Configuration configuration) implements Command {}

  /** Never answered: the controller ends with the reason. */
  record Shutdown(ExitReason reason) implements Command {}
}
