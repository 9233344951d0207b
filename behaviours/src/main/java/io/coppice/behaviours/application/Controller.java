package io.coppice.behaviours.application;

import io.coppice.behaviours.application.LoadedApplication.Stage;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.Timeout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The process that looks after the applications of a node (semantics AP1–AP13).
 *
 * <p>It runs no code of theirs and waits for nobody, so it answers at any time, also while
 * applications start and stop.
 */
final class Controller implements Reactive {
  /*
   * Three kinds of processes
   *
   *   controller --- master --- runner --- top supervisor --- ...
   *
   * For each life of an application there is a master and a runner. The runner runs the callbacks,
   * as the parent of the top supervisor, and may hang or crash in them. The master runs nothing but
   * a few lines of ours: it is the mark by which all that is below it is known to belong to the
   * application (isBelow), so it must outlive the runner, and after it kill what is left, of which
   * nobody else would know whose it was. OTP's group leader is both of these; a process there
   * carries it along, here it is found by going up from parent to parent.
   *
   * What is asked and cannot be answered at once waits in the lists of a LoadedApplication, not on
   * a stack. An application goes through
   *
   *   LOADED --start--> STARTING --up--> RUNNING --stop--> STOPPING --ended--> LOADED
   *                        |                |
   *                        +--- failed -----+--- ended by itself ------------> LOADED
   *
   * and each arrow from the right side comes as a note of the master, after nothing is left of the
   * application. If a master is killed, its exit stands for the note.
   *
   * The end. The node closes (the exit signal of its root), or somebody asks for it, or an
   * application ends that the node cannot do without. All three take the same way: what is being
   * started is killed; what runs is stopped, the youngest first, one after another; then the
   * policy is asked if it was an application's fault, and the controller ends. When the time for
   * that is over, all that is left is killed at once. An application that lets the node down while
   * that is going on changes nothing any more.
   */
  static final String NAME = "application_controller";

  private final ApplicationsOptions options;
  private final Shared shared;
  private final Catalogue catalogue;
  private final List<LoadedApplication> started = new ArrayList<>(); // running or stopping
  private final Map<Pid, LoadedApplication> masters = new HashMap<>();
  private @Nullable Closing closing;
  private boolean over;

  /** Why and since when the end is under way; the limit is a timer or null. */
  private record Closing(@Nullable NodeEnd end, @Nullable Ref limit) {}

  Controller(ApplicationsOptions options, Shared shared) {
    this.options = options;
    this.shared = shared;
    this.catalogue = new Catalogue(shared.environments());
    catalogue.define(options.specs());
  }

  @Override
  public void onStart(Context self) {
    self.trapExit(true);
  }

  @Override
  public void onMessage(Context self, Object message) {
    switch (message) {
      case Request request when request.payload() instanceof Command command ->
          answer(self, request, command);
      case Request other ->
          other.fail(ExitReason.of("the application controller is asked by Applications only"));
      case Note.Of note -> {
        LoadedApplication application = masters.get(note.master());
        if (application != null) {
          noted(self, application, note);
        }
      }
      case Exit(Pid from, ExitReason reason) -> exited(self, from, reason);
      case Timeout due when closing != null && due.ref().equals(closing.limit()) -> giveUp(self);
      default -> {} // nobody sends here
    }
  }

  private void exited(Context self, Pid from, ExitReason reason) {
    LoadedApplication application = masters.get(from);
    if (application != null) {
      masterLost(self, application, reason);
    } else if (from.equals(self.ancestors().getLast())) {
      close(self, reason, null);
    }
  }

  // ---- requests

  private void answer(Context self, Request request, Command command) {
    try {
      switch (command) {
        case Command.Open() -> request.reply(shared);
        case Command.Start start -> start(self, request, start);
        case Command.Stop(String name) -> stop(self, request, name);
        case Command.Shutdown(ExitReason reason) -> close(self, reason, null);
        case Command.Which() ->
            request.reply(
                started.stream()
                    .filter(each -> each.is(Stage.RUNNING))
                    .map(LoadedApplication::view)
                    .toList());
        case Command.Load(String name) -> {
          refuseWhileClosing(name);
          LoadedApplication _ = catalogue.load(name);
          request.reply(null);
        }
        default -> request.reply(catalogue.perform(command));
      }
    } catch (ApplicationException refused) {
      request.reply(refused.problem());
    }
  }

  private void refuseWhileClosing(String name) {
    if (closing != null) {
      throw new ApplicationException(new ApplicationProblem.Ending(name));
    }
  }

  // ---- start

  private void start(Context self, Request request, Command.Start start) {
    String name = start.name();
    refuseWhileClosing(name);
    LoadedApplication application = catalogue.loaded(name);
    if (application == null) {
      application = loadToStart(self, start);
    }
    switch (application.stage) {
      case RUNNING -> throw new ApplicationException(new ApplicationProblem.AlreadyStarted(name));
      case STARTING -> application.starters.add(request);
      case STOPPING -> application.again.add(request);
      case LOADED -> {
        catalogue.checkNeeds(application.spec);
        application.type = start.type();
        application.starters.add(request);
        launch(self, application);
      }
    }
  }

  private LoadedApplication loadToStart(Context self, Command.Start start) {
    try {
      return catalogue.load(start.name());
    } catch (ApplicationException refused) {
      if (refused.problem() instanceof ApplicationProblem.BadConfiguration bad) {
        notStarted(self, start.name(), start.type(), bad);
      }
      throw refused;
    }
  }

  private void launch(Context self, LoadedApplication application) {
    ApplicationSpec spec = application.spec;
    if (!spec.hasProcesses()) {
      running(self, application);
      return;
    }
    Environment environment = new Environment(shared.environments(), spec.name());
    List<PhaseStep> steps = PhaseStep.of(spec, catalogue::find);
    Pid master =
        self.spawn(
            new Master(self.pid(), new Runner.Work(spec, environment, steps)),
            SpawnOptions.DEFAULT.link().initialCall("application " + spec.name()));
    application.stage = Stage.STARTING;
    application.master = master;
    masters.put(master, application);
    shared.masters().put(master, spec.name());
  }

  private void running(Context self, LoadedApplication application) {
    application.stage = Stage.RUNNING;
    started.add(application);
    self.report(new ApplicationReport.Started(application.view()));
    LoadedApplication.answer(application.starters, null);
  }

  private void noted(Context self, LoadedApplication application, Note.Of from) {
    switch (from.note()) {
      case Note.Up(Pid top) -> {
        application.runner = from.runner();
        application.top = top;
        running(self, application);
        if (closing != null) {
          stopNext(self);
        }
      }
      case Note.Failed(ApplicationProblem problem) -> failed(self, application, problem);
      case Note.Ended(ExitReason reason) -> ended(self, application, reason);
    }
  }

  private void masterLost(Context self, LoadedApplication application, ExitReason reason) {
    if (application.is(Stage.STARTING)) {
      failed(
          self, application, new ApplicationProblem.Crashed(application.name(), "start", reason));
    } else {
      ended(self, application, reason);
    }
  }

  private void failed(Context self, LoadedApplication application, ApplicationProblem problem) {
    forget(application);
    LoadedApplication.answer(application.starters, problem);
    if (!(problem instanceof ApplicationProblem.Aborted)) {
      notStarted(self, application.name(), application.type, problem);
    }
    if (closing != null) {
      stopNext(self);
    }
  }

  /** By its type this may be the end of the node (AP9). */
  private void notStarted(Context self, String name, StartType type, ApplicationProblem problem) {
    self.report(new ApplicationReport.NotStarted(type, problem));
    if (!type.bears(problem)) {
      close(self, ExitReason.SHUTDOWN, new NodeEnd(name, type, ExitReason.of(problem), problem));
    }
  }

  private void forget(LoadedApplication application) {
    Pid master = application.master;
    if (master != null) {
      masters.remove(master);
      shared.masters().remove(master);
    }
    application.rest();
  }

  // ---- stop

  private void stop(Context self, Request request, String name) {
    LoadedApplication application = catalogue.loaded(name);
    if (application == null || !started.contains(application)) {
      throw new ApplicationException(new ApplicationProblem.NotStarted(name, null));
    }
    if (application.runner != null && application.runner.equals(request.caller())) {
      request.fail(ExitReason.CALLING_SELF); // a callback would wait for itself
      return;
    }
    application.stoppers.add(request);
    if (application.is(Stage.RUNNING)) {
      tellToStop(self, application);
    }
  }

  private void tellToStop(Context self, LoadedApplication application) {
    application.stage = Stage.STOPPING;
    if (application.master == null) {
      ended(self, application, ExitReason.NORMAL);
    } else {
      self.send(application.master, new Order.Stop());
    }
  }

  private void ended(Context self, LoadedApplication application, ExitReason reason) {
    boolean stopped = application.is(Stage.STOPPING);
    StartType type = application.type;
    started.remove(application);
    forget(application);
    self.report(new ApplicationReport.Ended(application.name(), type, reason, stopped));
    LoadedApplication.answer(application.stoppers, null);
    if (!stopped && !type.bears(reason)) {
      close(self, ExitReason.SHUTDOWN, new NodeEnd(application.name(), type, reason, null));
    } else if (closing != null) {
      stopNext(self);
    }
    startAgain(self, application);
  }

  private void startAgain(Context self, LoadedApplication application) {
    List<Request> waiting = List.copyOf(application.again);
    application.again.clear();
    for (Request request : waiting) {
      if (request.payload() instanceof Command start) {
        answer(self, request, start);
      }
    }
  }

  // ---- the end

  private void close(Context self, ExitReason reason, @Nullable NodeEnd end) {
    if (closing != null) {
      return;
    }
    var limit =
        options.shutdownTimeout() == null
            ? null
            : self.startTimer(options.shutdownTimeout(), self.pid(), "applications must be over");
    closing = new Closing(end, limit);
    passOver(
        self, "beforeStop", () -> options.beforeStop().accept(end == null ? reason : end.reason()));
    abortAll(self, Stage.STARTING);
    stopNext(self);
  }

  private void abortAll(Context self, Stage... stages) {
    for (LoadedApplication application : List.copyOf(masters.values())) {
      if (List.of(stages).contains(application.stage)) {
        self.send(Objects.requireNonNull(application.master), new Order.Abort());
      }
    }
  }

  /** One at a time, the youngest first (AP10); the last of them is the end. */
  private void stopNext(Context self) {
    boolean waiting = started.stream().anyMatch(each -> each.is(Stage.STOPPING));
    if (waiting || over) {
      return;
    }
    if (!started.isEmpty()) {
      tellToStop(self, started.getLast()); // that of a library comes back here at once
    } else if (masters.isEmpty()) {
      finish(self);
    }
  }

  private void giveUp(Context self) {
    List<String> names = masters.values().stream().map(LoadedApplication::name).sorted().toList();
    self.report(new ApplicationReport.Killed(names, options.shutdownTimeout()));
    abortAll(self, Stage.STARTING, Stage.RUNNING, Stage.STOPPING);
    finish(self);
  }

  private void finish(Context self) {
    over = true;
    Closing ending = Objects.requireNonNull(closing);
    if (ending.limit() != null) {
      boolean _ = self.dropTimer(ending.limit());
    }
    NodeEnd end = ending.end();
    if (end != null) {
      self.report(new ApplicationReport.NodeEnds(end));
      passOver(self, "atEnd", () -> options.atEnd().end(end));
    }
    self.stop(ExitReason.SHUTDOWN);
  }

  /** Runs code of the user's, whose failure is reported and changes nothing. */
  private static void passOver(Context self, String callback, Runnable code) {
    try {
      code.run();
    } catch (Throwable thrown) {
      self.checkpoint();
      self.report(
          new ApplicationReport.CallbackFailed(
              "the application controller", callback, ExitReason.crashed(thrown)));
    }
  }

  @Override
  public String describe() {
    return "application controller, " + shared.masters().size() + " applications with processes";
  }
}
