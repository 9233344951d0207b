package io.coppice.bench.micro;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine;

class MicroTest {
  @Test
  @DisplayName("Every benchmark runs, and every look at a node sees something of it")
  void all() throws Exception {
    System.setProperty("jmh.ignoreLock", "true"); // nothing is measured here
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(10))
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();
    Set<String> classes = new TreeSet<>();
    Set<String> looks = new TreeSet<>();
    for (RunResult result : results) {
      String name = result.getParams().getBenchmark();
      String owner = name.substring(0, name.lastIndexOf('.'));
      classes.add(owner.substring(owner.lastIndexOf('.') + 1));
      String look = result.getParams().getParam("look");
      if (look != null) {
        looks.add(look);
      }
    }
    assertEquals(
        Set.of(
            "InspectionBenchmark",
            "MailboxBenchmark",
            "ProcessBenchmark",
            "RunQueueBenchmark",
            "WheelBenchmark"),
        classes);
    assertEquals(Look.values().length, looks.size());
  }

  @Test
  @DisplayName("What follows `micro` is for JMH; without a profiler allocations are counted")
  void arguments() {
    MicroCommand micro = new MicroCommand();
    new CommandLine(micro).parseArgs("Mailbox", "-r", "200ms", "-h", "Wheel", "-p", "look=INFO");
    assertEquals(
        List.of("Mailbox", "-r", "200ms", "-h", "Wheel", "-p", "look=INFO", "-prof", "gc"),
        micro.arguments());
    MicroCommand other = new MicroCommand();
    new CommandLine(other).parseArgs("-prof", "stack");
    assertEquals(List.of("-prof", "stack"), other.arguments());
  }
}
