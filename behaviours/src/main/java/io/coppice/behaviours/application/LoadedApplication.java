package io.coppice.behaviours.application;

import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Request;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An application as the controller keeps it. */
final class LoadedApplication {
  enum Stage {
    LOADED,
    STARTING,
    RUNNING,
    STOPPING
  }

  final ApplicationSpec spec;
  Stage stage = Stage.LOADED;
  StartType type = StartType.TEMPORARY;
  @Nullable Pid master; // of a library there is none
  @Nullable Pid runner;
  @Nullable Pid top;

  /** Who waits for the start that is under way, for the stop, and for a start after that. */
  final List<Request> starters = new ArrayList<>();

  final List<Request> stoppers = new ArrayList<>();
  final List<Request> again = new ArrayList<>();

  LoadedApplication(ApplicationSpec spec) {
    this.spec = spec;
  }

  String name() {
    return spec.name();
  }

  boolean is(Stage which) {
    return stage == which;
  }

  /** It has ended, or has not come up. */
  void rest() {
    stage = Stage.LOADED;
    master = null;
    runner = null;
    top = null;
  }

  RunningApplication view() {
    return new RunningApplication(name(), spec.description(), spec.version(), type, top);
  }

  /** Answers all who wait, once. */
  static void answer(List<Request> waiting, @Nullable ApplicationProblem problem) {
    List<Request> all = List.copyOf(waiting);
    waiting.clear();
    all.forEach(request -> request.reply(problem));
  }
}
