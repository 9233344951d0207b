package io.coppice.behaviours.application;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessExit;
import io.coppice.kernel.process.Ref;
import io.coppice.supervisor.StartFailed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * One life of an application that is up: its callbacks, its top supervisor and its state. Used by
 * the process that runs the callbacks.
 */
final class Life<S> {
  private final String name;
  private final Application<S> code;
  private final Pid top;
  private final S state;

  private Life(String name, Application<S> code, Pid top, S state) {
    this.name = name;
    this.code = code;
    this.top = top;
    this.state = state;
  }

  /** Starts it; what goes wrong is an {@link ApplicationException}, and nothing is left then. */
  static Life<?> begin(
      Context self, ApplicationSpec spec, Environment environment, List<PhaseStep> steps) {
    String name = spec.name();
    Application<?> code = attempt(self, name, "start", spec::newCode);
    Life<?> life = start(self, name, code, environment);
    try {
      life.runPhases(self, spec, steps);
    } catch (ApplicationException failed) {
      ExitReason _ = life.stopTop(self);
      throw failed;
    }
    return life;
  }

  private static <S> Life<S> start(
      Context self, String name, Application<S> code, Environment environment) {
    Startup<? extends S> startup =
        attempt(self, name, "start", () -> code.start(self, environment));
    return switch (startup) {
      case null -> throw badReturn(name, "null");
      case Startup.Failed<? extends S> failed ->
          throw new ApplicationException(new ApplicationProblem.Refused(name, failed.reason()));
      case Startup.Up<? extends S> up -> {
        Pid top = up.top();
        if (top.equals(self.pid())) {
          throw badReturn(name, "the process that runs it as its top supervisor");
        }
        boolean _ = attempt(self, name, "start", () -> link(self, top));
        yield new Life<>(name, code, top, up.state());
      }
    };
  }

  private static boolean link(Context self, Pid top) {
    self.link(top);
    return true;
  }

  private static ApplicationException badReturn(String name, String returned) {
    return new ApplicationException(new ApplicationProblem.BadReturn(name, returned));
  }

  private void runPhases(Context self, ApplicationSpec primary, List<PhaseStep> steps) {
    Map<String, Application<?>> codes = new HashMap<>();
    codes.put(primary.name(), code);
    for (PhaseStep step : steps) {
      ApplicationSpec of = step.application();
      boolean _ =
          attempt(
              self,
              of.name(),
              "startPhase",
              () -> {
                Application<?> its = codes.get(of.name());
                if (its == null) {
                  its = of.newCode();
                  codes.put(of.name(), its);
                }
                its.startPhase(self, step.phase());
                return true;
              });
    }
  }

  boolean isTop(Pid pid) {
    return top.equals(pid);
  }

  Pid top() {
    return top;
  }

  /** Tells the application of other settings. */
  void change(Context self, ConfigChange change) {
    boolean _ =
        attempt(
            self,
            name,
            "configChange",
            () -> {
              code.configChange(change);
              return true;
            });
  }

  /**
   * Stops it.
   *
   * @param known what the top supervisor ended with by itself, or null if it is to be stopped
   * @return what it ended with
   */
  ExitReason end(Context self, @Nullable ExitReason known) {
    S last = state;
    try {
      last = Objects.requireNonNull(code.prepStop(self, state), "prepStop returned null");
    } catch (Throwable thrown) {
      passOver(self, "prepStop", thrown);
    }
    ExitReason reason = known != null ? known : stopTop(self);
    try {
      code.stop(self, last);
    } catch (Throwable thrown) {
      passOver(self, "stop", thrown);
    }
    return reason;
  }

  private void passOver(Context self, String callback, Throwable thrown) {
    ExitReason reason = reasonOf(self, thrown);
    self.report(new ApplicationReport.CallbackFailed("application " + name, callback, reason));
  }

  /** Waits for ever (AP7): a supervisor knows for itself how long its children may take. */
  private ExitReason stopTop(Context self) {
    Ref monitor = self.monitor(top);
    self.exit(top, ExitReason.SHUTDOWN);
    Object down = self.receive(m -> m instanceof Down d && d.ref().equals(monitor));
    return ((Down) down).reason();
  }

  private static <T> T attempt(Context self, String name, String callback, Callable<T> code) {
    try {
      return code.call();
    } catch (StartFailed failed) {
      throw new ApplicationException(new ApplicationProblem.Refused(name, failed.reason()));
    } catch (Throwable thrown) {
      throw new ApplicationException(
          new ApplicationProblem.Crashed(name, callback, reasonOf(self, thrown)));
    }
  }

  /** Of a throw of its own; throws on if the process has been told to die. */
  private static ExitReason reasonOf(Context self, Throwable thrown) {
    self.checkpoint();
    return switch (thrown) {
      case ProcessExit exit -> exit.reason();
      case CallFailed failed -> new ExitReason.CallFailure(failed.reason(), failed.call());
      default -> ExitReason.crashed(thrown);
    };
  }
}
