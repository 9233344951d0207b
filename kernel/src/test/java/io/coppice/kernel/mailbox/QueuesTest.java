package io.coppice.kernel.mailbox;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.coppice.kernel.Node;
import io.coppice.kernel.process.Pid;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which queue mailboxes have. The flags are those of a JVM, so each case has one of its own. */
class QueuesTest {
  private static final int MESSAGES = 10_000;
  private static final String JAVA_LANG = "--add-opens=java.base/java.lang=ALL-UNNAMED";
  private static final String FLAG = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED";

  @TempDir private Path folder;

  @Test
  @DisplayName("Without its flag mailboxes work, and no class of Agrona's is initialised")
  void withoutFlag() throws Exception {
    assertEquals("Agrona: false", run(JAVA_LANG));
    assertEquals(List.of(), initialised("org/agrona/"));
    assertEquals(1, initialised("io/coppice/kernel/mailbox/GrowingQueue'").size());
  }

  @Test
  @DisplayName("With its flag Agrona's ring is used, and no other")
  void withFlag() throws Exception {
    assertEquals("Agrona: true", run(JAVA_LANG, FLAG));
    assertEquals(1, initialised("org/agrona/UnsafeApi'").size());
    assertEquals(List.of(), initialised("io/coppice/kernel/mailbox/GrowingQueue'"));
  }

  @Test
  @DisplayName("The factory is that of the ring whose flag is there, if it needs one")
  void factory() {
    Class<?> expected = Queues.isAgronaUsable() ? AgronaQueue.class : GrowingQueue.class;
    assertInstanceOf(expected, Queues.factory().create(16));
    boolean open =
        Object.class.getModule().isOpen("jdk.internal.misc", QueuesTest.class.getModule());
    assertEquals(open, Queues.isAgronaUsable());
  }

  @Test
  @DisplayName("Agrona's ring works in this JVM exactly if it is said to")
  void asksTheRightQuestion() {
    assertEquals(Queues.isAgronaUsable(), agronaWorks());
  }

  private static boolean agronaWorks() {
    try {
      return new AgronaQueue(4).offer("message");
    } catch (LinkageError notOpen) {
      return false;
    }
  }

  private List<String> initialised(String type) throws IOException {
    try (Stream<String> lines = Files.lines(folder.resolve("classes"))) {
      return lines.filter(line -> line.contains("Initializing '" + type)).toList();
    }
  }

  private String run(String... flags) throws Exception {
    Path output = folder.resolve("output");
    String path =
        Stream.of(QueuesTest.class, Node.class, ManyToOneConcurrentArrayQueue.class)
            .map(QueuesTest::placeOf)
            .distinct()
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(flags));
    command.add("-Xlog:class+init=info:file=" + folder.resolve("classes"));
    command.addAll(List.of("-Xmx256m", "-cp", path, QueuesTest.class.getName()));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(60, SECONDS)) {
      process.destroyForcibly();
    }
    String text = Files.readString(output).strip();
    assertEquals(0, process.waitFor(), text);
    return text.lines().toList().getLast(); // the node may have logged before
  }

  private static String placeOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** In a JVM of its own: many messages that wait in one mailbox, through all of its places. */
  public static void main(String[] args) throws Exception {
    CompletableFuture<List<Object>> received = new CompletableFuture<>();
    CountDownLatch go = new CountDownLatch(1);
    try (Node node = Node.start()) {
      Pid receiver =
          node.spawn(
              self -> {
                go.await();
                List<Object> all = new ArrayList<>();
                while (all.size() < MESSAGES) {
                  all.add(self.receive());
                }
                received.complete(all);
              });
      IntStream.range(0, MESSAGES).forEach(i -> node.send(receiver, i));
      go.countDown();
      if (!received.get(30, SECONDS).equals(IntStream.range(0, MESSAGES).boxed().toList())) {
        throw new IllegalStateException("lost or overtaken: " + received);
      }
    }
    System.out.println("Agrona: " + Queues.isAgronaUsable());
  }
}
