package io.coppice.kernel.adversarial;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.kernel.Node;
import io.coppice.kernel.flags.NeedsOpenJdk;
import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The JDK's socket pollers are made once in the life of a JVM, by whoever waits for a socket first.
 * So each case has a JVM of its own.
 */
class PollersTest {
  private static final int COLLECTED = 7;
  private static final int STILL_THERE = 8;

  @Test
  @DisplayName(
      "the threads of a closed node can be collected, though one was the first to wait for a"
          + " socket")
  void threadsAreCollected(@TempDir Path dir) throws Exception {
    assertEquals(COLLECTED, run(dir, List.of()), () -> "status; output: " + output(dir));
  }

  @Test
  @NeedsOpenJdk("elsewhere the pollers run on the JDK's scheduler like everything")
  @DisplayName("a node that is started makes the socket pollers, on a thread of its own")
  void initialised(@TempDir Path dir) throws Exception {
    assertEquals(COLLECTED, run(dir, List.of("-Xlog:class+init=info")), () -> output(dir));
    List<String> lines = output(dir).lines().filter(l -> l.contains("sun/nio/ch/Poller'")).toList();
    assertTrue(
        lines.stream().anyMatch(l -> l.contains("coppice-poller-init")),
        () -> "who initialised the pollers: " + lines);
  }

  private static String output(Path dir) {
    try {
      return Files.readString(dir.resolve("output"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static int run(Path dir, List<String> flags) throws Exception {
    String path =
        Stream.of(
                PollersTest.class,
                Node.class,
                ManyToOneConcurrentArrayQueue.class,
                org.agrona.UnsafeApi.class,
                NullMarked.class,
                Test.class)
            .map(PollersTest::placeOf)
            .distinct()
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command =
        Stream.of(
                Stream.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()),
                flags.stream(),
                NeedsOpenJdk.Flags.ofThisJvm().stream(),
                Stream.of("-cp", path, PollersTest.class.getName()))
            .flatMap(s -> s)
            .toList();
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("output").toFile())
            .start();
    if (!process.waitFor(60, SECONDS)) {
      process.destroyForcibly();
    }
    return process.waitFor();
  }

  private static String placeOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** In a JVM of its own. */
  public static void main(String[] args) throws Exception {
    WeakReference<Thread> thread = useSocketInProcess();
    boolean gone = false;
    long until = System.nanoTime() + SECONDS.toNanos(20);
    while (!gone && System.nanoTime() < until) {
      System.gc();
      gone = thread.refersTo(null);
    }
    System.out.println(Arrays.toString(args) + " thread collected: " + gone);
    System.exit(gone ? COLLECTED : STILL_THERE);
  }

  /** Pollers that were made on the runner would hold it, and it the schedulers of its node. */
  private static WeakReference<Thread> useSocketInProcess() throws Exception {
    try (Node node = Node.start()) {
      CompletableFuture<WeakReference<Thread>> used = new CompletableFuture<>();
      node.spawn(
          self -> {
            roundTrip();
            used.complete(new WeakReference<>(Thread.currentThread()));
          });
      return used.get(20, SECONDS);
    }
  }

  private static void roundTrip() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread client =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (Socket socket =
                        new Socket(server.getInetAddress(), server.getLocalPort())) {
                      socket.getOutputStream().write(7);
                    } catch (IOException e) {
                      throw new AssertionError(e);
                    }
                  });
      try (Socket accepted = server.accept()) {
        if (accepted.getInputStream().read() != 7) {
          throw new AssertionError("not what was sent");
        }
      }
      client.join();
    }
  }
}
