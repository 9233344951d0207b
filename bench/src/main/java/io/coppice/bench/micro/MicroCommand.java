package io.coppice.bench.micro;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.Main;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Runs the JMH benchmarks. */
@Command(
    name = "micro",
    description = {
      "Runs the JMH benchmarks: of mailbox, run queue, wheel, spawn, send and call, and of what it"
          + " costs to be looked at.",
      "Everything after it is for JMH (`micro -h`): a regular expression, -f, -wi, -i … Without a"
          + " profiler it takes -prof gc.",
    })
public final class MicroCommand implements Callable<Integer> {
  @Unmatched List<String> given = new ArrayList<>();

  /** Made by picocli. */
  public MicroCommand() {}

  /** Whatever goes wrong ends the JVM with status 1: JMH sees to that. */
  @Override
  public Integer call() throws IOException {
    Main.main(arguments().toArray(String[]::new));
    return 0;
  }

  List<String> arguments() {
    List<String> all = new ArrayList<>(given);
    if (!all.contains("-prof")) {
      all.addAll(List.of("-prof", "gc"));
    }
    return all;
  }
}
