package io.coppice.kernel.adversarial;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.flags.NeedsOpenJdk;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Code that does kernel operations at the very end of its stack, and catches what comes of it.
 * Whatever was done, or half done, must not harm those it was done to: what was reported as done
 * has its effect, and every process answers.
 */
class StackEndTest {
  private static final Duration LIMIT = StackEndScene.LIMIT;

  @ParameterizedTest(name = "{0}: what is done at the end of a stack is done, or has no effect")
  @EnumSource
  void harmless(StackEndScene scene) throws Exception {
    play(scene, 4);
  }

  @Test
  @DisplayName("all of that holds in a JVM that interprets, and where nothing has been used before")
  void interpreted(@TempDir Path directory) throws Exception {
    Path output = directory.resolve("output");
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of("-Xint", "-ea"));
    command.addAll(NeedsOpenJdk.Flags.ofThisJvm());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(StackEndTest.class.getName(), "2"));
    ProcessBuilder builder = new ProcessBuilder(command);
    Process jvm = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    boolean ended = jvm.waitFor(280, SECONDS);
    jvm.destroyForcibly();
    assertTrue(ended, () -> "it hangs: " + text(output));
    assertEquals(0, jvm.exitValue(), () -> text(output));
  }

  private static String text(Path output) {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In a JVM of its own: rounds, and the scenes, if not all. */
  public static void main(String[] args) throws Exception {
    for (StackEndScene scene : StackEndScene.values()) {
      if (args.length == 1 || List.of(args).contains(scene.name())) {
        long start = System.nanoTime();
        play(scene, Integer.parseInt(args[0]));
        System.out.println(scene + " " + Duration.ofNanos(System.nanoTime() - start));
      }
    }
    System.exit(0);
  }

  private static void play(StackEndScene scene, int rounds) throws Exception {
    NodeOptions options = NodeOptions.DEFAULT.withSchedulers(2).withReporter(report -> {});
    try (Node node = Node.start(options)) {
      for (int round = 0; round < rounds; round++) {
        int salt = round;
        CompletableFuture<String> outcome = new CompletableFuture<>();
        Pid player =
            node.spawn(
                self -> {
                  try {
                    scene.play(self, salt);
                    outcome.complete("done");
                  } catch (Throwable thrown) {
                    outcome.completeExceptionally(thrown);
                  }
                  StackEndScene.answer(self);
                });
        assertEquals("done", outcome.get(60, SECONDS));
        assertEquals(0, node.call(player, "are you there?", LIMIT));
        node.exit(player, ExitReason.KILL);
        await().atMost(LIMIT).until(() -> node.processCount() == 0);
      }
    }
  }
}
