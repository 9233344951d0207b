package io.coppice.behaviours;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.application.ApplicationSpec;
import io.coppice.behaviours.application.Applications;
import io.coppice.behaviours.application.ConfigKey;
import io.coppice.behaviours.server.GenServer;
import io.coppice.behaviours.server.Init;
import io.coppice.behaviours.server.Result;
import io.coppice.behaviours.server.ServerRef;
import io.coppice.kernel.Node;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.testkit.FaultRule;
import io.coppice.kernel.testkit.TestNode;
import io.coppice.kernel.testkit.junit.Seeded;
import io.coppice.supervisor.Supervisor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReadmeExampleTest {
  // @start region="server"
  sealed interface Message {}

  record Add(int amount) implements Message, Call<Message, Integer> {}

  record Divide(int by) implements Message, Call<Message, Integer> {}

  static class Counter implements GenServer<Message, Integer> {
    @Override
    public Init<Integer> init(Context self) {
      return Init.state(0);
    }

    @Override
    public Result<Integer> handleCall(Message request, Request from, Integer count) {
      return switch (request) {
        case Add(int amount) -> Result.reply(count + amount, count + amount);
        case Divide(int by) -> Result.reply(count / by, count / by);
      };
    }
  }

  // @end

  @Test
  @DisplayName("A supervised counter counts, crashes, and is there again under its name")
  void countsAndSurvives() {
    // @start region="use"
    try (Node node = Node.start()) {
      Supervisor.oneForOne().child("counter", Counter::new).start(node);
      ServerRef<Message> counter = ServerRef.named(node, "counter"); // follows restarts
      int two = counter.call(new Add(2)); // typed: Add is a Call<Message, Integer>
      // @end
      assertEquals(2, two);

      Pid first = counter.whereis().orElseThrow();
      CallFailed failed = assertThrows(CallFailed.class, () -> counter.call(new Divide(0)));
      assertTrue(failed.reason() instanceof ExitReason.Crashed, failed::call);
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> counter.whereis().filter(pid -> !pid.equals(first)).isPresent());
      assertEquals(40, counter.call(new Add(40)));
    }
  }

  // @start region="seeded"
  @Seeded(seeds = 300)
  @DisplayName("a client gets its ten answers, however often the counter is killed")
  void answers(TestNode node) {
    Supervisor.oneForOne()
        .intensity(10, Duration.ofSeconds(1))
        .child("counter", Counter::new)
        .start(node);
    node.inject(FaultRule.kill().name("counter").probability(0.05).atMost(5));
    node.run(
        self -> {
          ServerRef<Message> counter = ServerRef.named(self, "counter");
          for (int answers = 0; answers < 10; ) {
            try {
              counter.call(new Add(1));
              answers++;
            } catch (CallFailed killed) {
              self.sleep(Duration.ofMillis(1)); // virtual time, so this takes none
            }
          }
        });
  }

  // @end

  // @start region="application"
  static final ConfigKey<Integer> PORT = ConfigKey.integer("port").orElse(8080);
  static final ApplicationSpec BOOKS = ApplicationSpec.of("books", Supervisor.oneForOne());
  static final ApplicationSpec SHOP =
      ApplicationSpec.of("shop", Supervisor.oneForOne().child("counter", Counter::new))
          .requires("books")
          .setting(PORT);

  static Applications open(Node node) {
    Applications all = Applications.launch(node); // closes the node if a permanent one ends
    all.define(BOOKS, SHOP);
    all.ensureAllStarted("shop"); // books first
    return all;
  }

  // @end

  @Test
  @DisplayName("An application starts after what it needs, with its settings")
  void applications() {
    try (Node node = Node.start()) {
      Applications all = open(node);
      assertEquals(8080, all.environment("shop").get(PORT));
      assertEquals(2, all.running().size());
      assertEquals(1, ServerRef.<Message>named(node, "counter").call(new Add(1)));
    }
  }

  @Test
  @DisplayName("The example in the README is the code above")
  void readmeShowsThisCode() throws Exception {
    String path = "src/test/java/io/coppice/behaviours/ReadmeExampleTest.java";
    List<String> source = Files.readAllLines(Path.of(path));
    String readme = withoutIndent(Files.readAllLines(Path.of("../README.md")));
    String mark = "// @"; // apart from its words, or javadoc takes these lines for marks
    for (String region : List.of("server", "use", "application", "seeded")) {
      int start = source.indexOf(line(source, mark + "start region=\"" + region + "\"")) + 1;
      List<String> rest = source.subList(start, source.size());
      String code = withoutIndent(rest.subList(0, rest.indexOf(line(rest, mark + "end"))));
      assertTrue(
          readme.contains(code),
          () ->
              "README.md differs from region "
                  + region
                  + " of "
                  + path
                  + "; it should have\n"
                  + code);
    }
  }

  private static String line(List<String> lines, String text) {
    return lines.stream().filter(line -> line.strip().equals(text)).findFirst().orElseThrow();
  }

  private static String withoutIndent(List<String> lines) {
    return String.join("\n", lines.stream().map(String::strip).filter(l -> !l.isEmpty()).toList());
  }
}
