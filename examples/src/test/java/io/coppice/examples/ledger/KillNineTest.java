package io.coppice.examples.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.examples.ledger.audit.Acked;
import io.coppice.examples.ledger.audit.Audit;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillNineTest {
  @TempDir Path folder;

  @Test
  @DisplayName("A JVM killed with -9 in mid-load has lost nothing that it had acknowledged")
  void killNine() throws Exception {
    Path log = folder.resolve("acked.log");
    Process ledger = startInJvmOfItsOwn(log);
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(90))
          .until(() -> !ledger.isAlive() || lines(log) > 300);
      assertTrue(ledger.isAlive(), "it ended by itself");
    } finally {
      ledger.destroyForcibly(); // SIGKILL
      assertTrue(ledger.waitFor(20, TimeUnit.SECONDS));
    }
    List<Acked> acked = Acked.read(log);
    assertEquals(List.of(), Audit.of(Bed.url(folder), acked).findings());
    Acked last = acked.getLast();
    try (Bed again = Bed.start(folder)) {
      String body = Bed.transfer(last.from(), last.to(), last.amount());
      assertEquals(
          "true",
          again
              .pay(last.key(), body)
              .headers()
              .firstValue("Idempotent-Replay")
              .orElse("booked a second time"));
      again.open("newcomer", 7);
      assertEquals(201, again.pay("after", Bed.transfer("newcomer", "acct-0", 7)).statusCode());
    }
    List<Acked> all = new ArrayList<>(acked);
    all.add(new Acked("after", "newcomer", "acct-0", 7));
    assertEquals(List.of(), Audit.of(Bed.url(folder), all).findings());
  }

  /** The same JVM, flags and class path as this one. */
  private Process startInJvmOfItsOwn(Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> !flag.startsWith("-javaagent"))
        .forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Ledger.class.getName());
    command.add("--db=" + folder.resolve("ledger.db"));
    command.add("--reports=" + folder.resolve("reports.log"));
    command.add("--ack-log=" + log);
    command.add("--duration=120");
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("output.txt").toFile())
        .start();
  }

  private static long lines(Path file) throws IOException {
    return Files.exists(file) ? Files.readString(file).lines().count() : 0;
  }
}
