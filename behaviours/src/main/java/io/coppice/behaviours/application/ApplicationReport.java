package io.coppice.behaviours.application;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Report;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the controller of the applications tells of them. */
public sealed interface ApplicationReport extends Report {
  /**
   * An application runs. Level INFO.
   *
   * @param application the application
   */
  record Started(RunningApplication application) implements ApplicationReport {
    @Override
    public Level level() {
      return Level.INFO;
    }

    @Override
    public String text() {
      return "Application "
          + application.name()
          + (application.version().isEmpty() ? "" : " " + application.version())
          + " was started ("
          + application.type()
          + ")";
    }
  }

  /**
   * An application did not start. Level ERROR.
   *
   * @param type how it was to be started
   * @param problem why
   */
  record NotStarted(StartType type, ApplicationProblem problem) implements ApplicationReport {
    @Override
    public Level level() {
      return Level.ERROR;
    }

    @Override
    public String text() {
      String text = "A " + type + " application did not start: " + problem.describe();
      return problem instanceof ApplicationProblem.Crashed crashed
          ? withStack(text, crashed.reason())
          : text;
    }
  }

  /**
   * An application that ran ended, or was stopped. Level INFO, or ERROR if it ended by itself for
   * an abnormal reason.
   *
   * @param application its name
   * @param type what its end means
   * @param reason what its top supervisor ended with
   * @param stopped whether it was told to
   */
  record Ended(String application, StartType type, ExitReason reason, boolean stopped)
      implements ApplicationReport {
    @Override
    public Level level() {
      return stopped || reason.isClean() ? Level.INFO : Level.ERROR;
    }

    @Override
    public String text() {
      return stopped
          ? "Application " + application + " was stopped"
          : "The " + type + " application " + application + " ended: " + reason.describe();
    }
  }

  /**
   * A callback failed whose failure changes nothing. Level ERROR.
   *
   * @param who the application, or the controller
   * @param callback which one
   * @param reason what it threw, as the reason of an exit
   */
  record CallbackFailed(String who, String callback, ExitReason reason)
      implements ApplicationReport {
    @Override
    public Level level() {
      return Level.ERROR;
    }

    @Override
    public String text() {
      return withStack(
          "The callback "
              + callback
              + " of "
              + who
              + " failed, and is passed over: "
              + reason.describe(),
          reason);
    }
  }

  /**
   * Applications were killed, because they had not stopped in time when the node ended. Level
   * WARNING.
   *
   * @param applications their names
   * @param limit how long all had to stop, or null if there was no limit
   */
  record Killed(List<String> applications, @Nullable Duration limit) implements ApplicationReport {
    @Override
    public Level level() {
      return Level.WARNING;
    }

    @Override
    public String text() {
      return "The applications "
          + applications
          + " were killed: the node ends, and they had not stopped within "
          + limit;
    }
  }

  /**
   * The node is to end. Level ERROR.
   *
   * @param end why
   */
  record NodeEnds(NodeEnd end) implements ApplicationReport {
    @Override
    public Level level() {
      return Level.ERROR;
    }

    @Override
    public String text() {
      return end.text();
    }
  }

  private static String withStack(String text, ExitReason reason) {
    return reason instanceof ExitReason.Crashed crash
        ? text + '\n' + crash.stackTrace().stripTrailing()
        : text;
  }
}
