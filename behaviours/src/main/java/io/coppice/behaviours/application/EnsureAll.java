package io.coppice.behaviours.application;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Starts applications with all that they need (semantics AP3), in a process of its own. */
final class EnsureAll {
  private final Context self;
  private final Pid controller;
  private final StartType type;
  private final int atOnce;
  private final Map<String, List<String>> needs = new LinkedHashMap<>(); // what is needed first
  private final Map<Ref, String> asked = new HashMap<>();
  private final Set<String> up = new LinkedHashSet<>();
  private final List<String> started = new ArrayList<>();
  private @Nullable ApplicationProblem failure;

  private EnsureAll(Context self, Pid controller, StartType type, StartMode mode) {
    this.self = self;
    this.controller = controller;
    this.type = type;
    this.atOnce = mode == StartMode.SERIAL ? 1 : Integer.MAX_VALUE;
  }

  /**
   * Does it.
   *
   * @return the names of what was started, in that order, or an {@link ApplicationProblem}
   */
  static Object run(
      Context self, Pid controller, List<String> names, StartType type, StartMode mode) {
    EnsureAll all = new EnsureAll(self, controller, type, mode);
    try {
      for (String name : names) {
        all.plan(name, List.of());
      }
    } catch (ApplicationException impossible) {
      return impossible.problem();
    }
    all.startAll();
    ApplicationProblem failure = all.failure;
    if (failure == null) {
      return List.copyOf(all.started);
    }
    all.stopStarted();
    return failure;
  }

  /** Depth first: what an application needs stands before it. */
  private void plan(String name, List<String> path) {
    List<String> here = new ArrayList<>(path);
    here.add(name);
    if (path.contains(name)) {
      throw new ApplicationException(
          new ApplicationProblem.Circular(
              List.copyOf(here.subList(path.indexOf(name), here.size()))));
    }
    if (needs.containsKey(name)) {
      return;
    }
    ApplicationSpec spec = specOf(name);
    if (spec == null) {
      throw new ApplicationException(
          new ApplicationProblem.NotAllStarted(name, new ApplicationProblem.Unknown(name)));
    }
    List<String> first = new ArrayList<>();
    for (String needed : spec.applications()) {
      boolean absent = spec.optionalApplications().contains(needed) && specOf(needed) == null;
      if (!absent) {
        plan(needed, here);
        first.add(needed);
      }
    }
    needs.put(name, first);
  }

  private @Nullable ApplicationSpec specOf(String name) {
    return self.call(controller, new Command.Find(name), null) instanceof ApplicationSpec spec
        ? spec
        : null;
  }

  private void startAll() {
    List<String> waiting = new ArrayList<>(needs.keySet());
    askNext(waiting);
    while (!asked.isEmpty()) {
      Object message = self.receive(m -> m instanceof Response r && asked.containsKey(r.ref()));
      Response response = (Response) message;
      take(Objects.requireNonNull(asked.remove(response.ref())), response);
      if (failure == null) {
        askNext(waiting);
      }
    }
  }

  private void askNext(List<String> waiting) {
    for (String name : List.copyOf(waiting)) {
      if (asked.size() < atOnce && up.containsAll(needs.getOrDefault(name, List.of()))) {
        waiting.remove(name);
        asked.put(self.sendRequest(controller, new Command.Start(name, type)), name);
      }
    }
  }

  private void take(String name, Response response) {
    ExitReason lost = response.failure();
    switch (response.answer()) {
      case ApplicationProblem.AlreadyStarted _ -> up.add(name);
      case ApplicationProblem problem -> fail(name, problem);
      case null, default -> {
        if (lost != null) {
          fail(name, new ApplicationProblem.Crashed(name, "start", lost));
        } else {
          up.add(name);
          started.add(name);
        }
      }
    }
  }

  private void fail(String name, ApplicationProblem problem) {
    if (failure == null) {
      failure = new ApplicationProblem.NotAllStarted(name, problem);
    }
  }

  /** What has ended by itself meanwhile needs no stop; the answer does not matter. */
  private void stopStarted() {
    for (String name : started.reversed()) {
      Ref stop = self.sendRequest(controller, new Command.Stop(name));
      Object _ = self.receive(m -> m instanceof Response r && r.ref().equals(stop));
    }
  }
}
