package io.coppice.behaviours.application;

import io.coppice.kernel.process.ExitReason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why something could not be done with an application (semantics AP1–AP12). */
public sealed interface ApplicationProblem {
  /**
   * What is wrong, in one sentence, with the likely cause.
   *
   * @return a sentence without line breaks of its own
   */
  String describe();

  /**
   * Nobody has defined it.
   *
   * @param application its name
   */
  record Unknown(String application) implements ApplicationProblem {
    @Override
    public String describe() {
      return "there is no application "
          + application
          + " to be found: give its ApplicationSpec to Applications.define, or correct the name";
    }
  }

  /**
   * It is loaded already ({@code already_loaded}).
   *
   * @param application its name
   */
  record AlreadyLoaded(String application) implements ApplicationProblem {
    @Override
    public String describe() {
      return "the application " + application + " is loaded already; unload it first";
    }
  }

  /**
   * It is not loaded ({@code not_loaded}).
   *
   * @param application its name
   */
  record NotLoaded(String application) implements ApplicationProblem {
    @Override
    public String describe() {
      return "the application " + application + " is not loaded";
    }
  }

  /**
   * It cannot be unloaded, because it runs ({@code running}).
   *
   * @param application its name
   */
  record Running(String application) implements ApplicationProblem {
    @Override
    public String describe() {
      return "the application " + application + " runs and cannot be unloaded; stop it first";
    }
  }

  /**
   * It runs already ({@code already_started}).
   *
   * @param application its name
   */
  record AlreadyStarted(String application) implements ApplicationProblem {
    @Override
    public String describe() {
      return "the application " + application + " runs already; ensureStarted does not mind that";
    }
  }

  /**
   * It does not run ({@code not_started}).
   *
   * @param application its name
   * @param neededBy the application that could not be started because of that, or null
   */
  record NotStarted(String application, @Nullable String neededBy) implements ApplicationProblem {
    @Override
    public String describe() {
      return neededBy == null
          ? "the application " + application + " does not run, so it cannot be stopped"
          : "the application "
              + neededBy
              + " needs the application "
              + application
              + ", which does not run: start it before, or use ensureAllStarted";
    }
  }

  /**
   * Its {@code start} returned {@link Startup.Failed}, or a supervisor did not start in it.
   *
   * @param application its name
   * @param reason what it gave as the reason
   */
  record Refused(String application, ExitReason reason) implements ApplicationProblem {
    @Override
    public String describe() {
      return "the application " + application + " could not be started: " + reason.describe();
    }
  }

  /**
   * A callback threw, or ended its process ({@code bad_return} of an {@code 'EXIT'}).
   *
   * @param application its name
   * @param callback which callback, such as {@code start}
   * @param reason what it threw, as the reason of an exit
   */
  record Crashed(String application, String callback, ExitReason reason)
      implements ApplicationProblem {
    @Override
    public String describe() {
      return "the application "
          + application
          + " ended in its callback "
          + callback
          + ": "
          + reason.describe();
    }
  }

  /**
   * Its {@code start} returned what is no result ({@code bad_return}).
   *
   * @param application its name
   * @param returned what it returned, for humans
   */
  record BadReturn(String application, String returned) implements ApplicationProblem {
    @Override
    public String describe() {
      return "the start of the application "
          + application
          + " returned "
          + returned
          + "; return Startup.ok with the pid of a supervisor, or Startup.failed";
    }
  }

  /**
   * A setting has a value that its key does not allow ({@code bad_environment_value}).
   *
   * @param application its name
   * @param key the name of the setting
   * @param why what is wrong with the value
   */
  record BadConfiguration(String application, String key, String why)
      implements ApplicationProblem {
    @Override
    public String describe() {
      return "the application " + application + " has an illegal setting: " + why;
    }
  }

  /**
   * Applications need each other in a circle, so that none can be the first.
   *
   * @param applications their names, the first one again at the end
   */
  record Circular(List<String> applications) implements ApplicationProblem {
    @Override
    public String describe() {
      return "the applications "
          + String.join(" -> ", applications)
          + " need each other in a circle, so none of them can be started first";
    }
  }

  /**
   * One of those that {@link Applications#ensureAllStarted} was to start could not be started; what
   * it had started is stopped again ({@code {error, {App, Reason}}}).
   *
   * @param application its name
   * @param problem why
   */
  record NotAllStarted(String application, ApplicationProblem problem)
      implements ApplicationProblem {
    @Override
    public String describe() {
      return problem.describe() + " (what had been started for it was stopped again)";
    }
  }

  /**
   * It was told to stop before its start was over.
   *
   * @param application its name
   */
  record Aborted(String application) implements ApplicationProblem {
    @Override
    public String describe() {
      return "the application " + application + " was stopped while it was being started";
    }
  }

  /**
   * Applications are being stopped for good: nothing can be started or loaded any more.
   *
   * @param application what was to be started or loaded
   */
  record Ending(String application) implements ApplicationProblem {
    @Override
    public String describe() {
      return "the applications of this node are being stopped, so "
          + application
          + " cannot be started or loaded any more";
    }
  }

  /**
   * The change of the configuration stands, but applications did not take it well.
   *
   * @param problems one for each of them
   */
  record ChangeFailed(List<ApplicationProblem> problems) implements ApplicationProblem {
    @Override
    public String describe() {
      return "the configuration is changed, but not everywhere taken: "
          + String.join("; ", problems.stream().map(ApplicationProblem::describe).toList());
    }
  }
}
