package io.coppice.behaviours.application;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.testkit.Scenario;
import io.coppice.kernel.testkit.TestNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What applications did, in order, and applications that write it. */
final class Journal {
  private static final int SEEDS = 10;
  private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

  /** Runs a test under many schedules, on virtual time. */
  static void simulate(Scenario test) {
    int _ = TestNode.forSeeds(SEEDS, test);
  }

  void add(String line) {
    lines.add(line);
  }

  /** What is written so far; forgotten then. */
  List<String> take() {
    synchronized (lines) {
      List<String> all = List.copyOf(lines);
      lines.clear();
      return all;
    }
  }

  /** An application that does nothing but write. */
  ApplicationSpec spec(String name) {
    return ApplicationSpec.of(name, () -> new Written(name));
  }

  /** A process that ends when its parent says so, and writes that. */
  Pid top(Context self, String name) {
    SpawnOptions options = SpawnOptions.DEFAULT.link().name("top of " + name);
    return self.start(new Top(name), options, "up", null).pid();
  }

  /** Writes each callback. */
  class Written implements Application<String> {
    final String name;

    Written(String name) {
      this.name = name;
    }

    @Override
    public Startup<String> start(Context self, Environment environment) throws Exception {
      add(name + " start");
      return Startup.ok(top(self, name), "state");
    }

    @Override
    public void startPhase(Context self, Phase phase) throws Exception {
      add(name + " phase " + phase.name() + " " + phase.argument());
    }

    @Override
    public String prepStop(Context self, String state) throws Exception {
      add(name + " prepStop " + state);
      return "prepared";
    }

    @Override
    public void stop(Context self, String state) throws Exception {
      add(name + " stop " + state);
    }

    @Override
    public void configChange(ConfigChange change) throws Exception {
      add(name + " " + change);
    }
  }

  /** Tells a top process to end by itself. */
  record Die(ExitReason reason) {}

  private final class Top implements Reactive {
    private final String name;

    Top(String name) {
      this.name = name;
    }

    @Override
    public void onStart(Context self) {
      self.trapExit(true);
    }

    @Override
    public void onMessage(Context self, Object message) {
      switch (message) {
        case Exit exit when exit.from().equals(self.parent()) -> {
          add(name + " tree " + exit.reason());
          self.stop(exit.reason());
        }
        case Request up -> up.reply(null);
        case Die(ExitReason reason) -> self.stop(reason);
        default -> {}
      }
    }
  }
}
