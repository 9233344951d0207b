package io.coppice.examples.interop;

import static io.coppice.kernel.process.ProcessStatus.BLOCKED;
import static io.coppice.kernel.process.ProcessStatus.WAITING;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.softwaremill.jox.Channel;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Java programs wait in anyway may be waited in by processes: it works, a process that is
 * killed there ends, and however many wait, the others run.
 */
class InteropTest {
  /** The numbers of all but the first process, which is killed. */
  private static final Set<Integer> OTHERS = numbers(1, Crowd.SIZE);

  private static Set<Integer> numbers(int from, int to) {
    return IntStream.range(from, to).boxed().collect(Collectors.toSet());
  }

  // ---- java.util.concurrent

  @Test
  @DisplayName("processes that wait for a BlockingQueue hinder nobody, die there, or get elements")
  void blockingQueue() throws Exception {
    BlockingQueue<Integer> queue = new LinkedBlockingQueue<>();
    try (Crowd<Integer> crowd = new Crowd<>((self, number) -> queue.take())) {
      crowd.assertHindersNobody(BLOCKED);
      crowd.assertFirstDies();
      crowd.inProcess(self -> queue.addAll(numbers(0, crowd.left())));
      assertEquals(numbers(0, crowd.left()), crowd.results());
    }
  }

  @Test
  @DisplayName("processes that wait for a Semaphore hinder nobody, die there, or get permits")
  void semaphore() throws Exception {
    Semaphore permits = new Semaphore(0);
    Crowd.Wait<Integer> acquire =
        (self, number) -> {
          permits.acquire();
          return number;
        };
    try (Crowd<Integer> crowd = new Crowd<>(acquire)) {
      crowd.assertHindersNobody(BLOCKED);
      crowd.assertFirstDies();
      crowd.inProcess(self -> permits.release(crowd.left()));
      assertEquals(OTHERS, crowd.results());
      assertEquals(0, permits.availablePermits(), "none went to the one that died");
    }
  }

  @Test
  @DisplayName(
      "processes that join a CompletableFuture hinder nobody, get its result, or are cut off when"
          + " killed, since join minds no interrupt")
  void join() throws Exception {
    CompletableFuture<Integer> future = new CompletableFuture<>();
    Crowd.Wait<Integer> join = (self, number) -> future.join() + number;
    try (Crowd<Integer> crowd = new Crowd<>(join, Duration.ofMillis(50))) {
      crowd.assertHindersNobody(BLOCKED);
      crowd.assertFirstDies();
      crowd.awaitZombies(1);
      crowd.inProcess(self -> future.complete(0));
      assertEquals(OTHERS, crowd.results());
      crowd.awaitZombies(0);
    }
  }

  // ---- Jox

  @Test
  @DisplayName("processes that wait for a Jox channel hinder nobody, die there, or get values")
  void jox() throws Exception {
    Channel<Integer> channel = Channel.newRendezvousChannel();
    try (Crowd<Integer> crowd = new Crowd<>((self, number) -> channel.receive())) {
      crowd.assertHindersNobody(BLOCKED);
      crowd.assertFirstDies();
      crowd.inProcess(
          self -> {
            for (int value = 0; value < crowd.left(); value++) {
              channel.send(value);
            }
          });
      assertEquals(numbers(0, crowd.left()), crowd.results());
    }
  }

  // ---- the network

  @Test
  @DisplayName("processes that read from a Socket hinder nobody, die there, or get bytes")
  void socket() throws Exception {
    try (LateEcho server = new LateEcho()) {
      Crowd.Wait<Integer> ask =
          (self, number) -> {
            try (Socket socket = new Socket()) {
              socket.connect(server.address());
              socket.getOutputStream().write(number);
              return socket.getInputStream().read();
            }
          };
      try (Crowd<Integer> crowd = new Crowd<>(ask)) {
        server.awaitAll();
        crowd.assertHindersNobody(BLOCKED);
        crowd.assertFirstDies();
        server.answer();
        assertEquals(OTHERS, crowd.results());
      }
    }
  }

  @Test
  @DisplayName("processes that read from a SocketChannel hinder nobody, die there, or get bytes")
  void socketChannel() throws Exception {
    try (LateEcho server = new LateEcho()) {
      Crowd.Wait<Integer> ask =
          (self, number) -> {
            try (SocketChannel channel = SocketChannel.open(server.address())) {
              ByteBuffer bytes = ByteBuffer.allocate(1).put((byte) number).flip();
              assertEquals(1, channel.write(bytes));
              assertEquals(1, channel.read(bytes.clear()));
              return (int) bytes.get(0);
            }
          };
      try (Crowd<Integer> crowd = new Crowd<>(ask)) {
        server.awaitAll();
        crowd.assertHindersNobody(BLOCKED);
        crowd.assertFirstDies();
        server.answer();
        assertEquals(OTHERS, crowd.results());
      }
    }
  }

  @Test
  @DisplayName("processes that wait for an HttpClient hinder nobody, die there, or get responses")
  void httpClient() throws Exception {
    CountDownLatch arrived = new CountDownLatch(Crowd.SIZE);
    CountDownLatch gate = new CountDownLatch(1);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Crowd.SIZE);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        HttpClient client = HttpClient.newHttpClient()) {
      server.setExecutor(threads);
      server.createContext("/", exchange -> answerLate(exchange, arrived, gate));
      server.start();
      URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
      Crowd.Wait<Integer> ask =
          (self, number) -> {
            HttpRequest request = HttpRequest.newBuilder(uri.resolve("/" + number)).build();
            return Integer.valueOf(client.send(request, BodyHandlers.ofString()).body());
          };
      try (Crowd<Integer> crowd = new Crowd<>(ask)) {
        assertTrue(arrived.await(20, SECONDS), crowd::dump);
        crowd.assertHindersNobody(BLOCKED);
        crowd.assertFirstDies();
        gate.countDown();
        assertEquals(OTHERS, crowd.results());
      } finally {
        gate.countDown();
      }
    } finally {
      server.stop(0);
    }
  }

  private static void answerLate(HttpExchange exchange, CountDownLatch arrived, CountDownLatch gate)
      throws IOException {
    try (exchange) {
      arrived.countDown();
      gate.await();
      byte[] path = exchange.getRequestURI().getPath().substring(1).getBytes(US_ASCII);
      exchange.sendResponseHeaders(200, path.length);
      exchange.getResponseBody().write(path);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- native code, in blocking sections

  @Test
  @DisplayName("processes that read files in blocking sections hinder nobody, and die after them")
  void files(@TempDir Path folder) throws Exception {
    List<Path> pipes = new ArrayList<>();
    List<String> command = new ArrayList<>(List.of("mkfifo"));
    for (int i = 0; i < Crowd.SIZE; i++) {
      pipes.add(folder.resolve("pipe" + i));
      command.add(pipes.get(i).toString());
    }
    Process mkfifo = new ProcessBuilder(command).start();
    assumeTrue(mkfifo.waitFor() == 0, "this system has no named pipes");
    AtomicInteger read = new AtomicInteger();
    Crowd.Wait<Integer> readFile =
        (self, number) ->
            self.blocking(
                () -> {
                  try (InputStream in = new FileInputStream(pipes.get(number).toFile())) {
                    int value = in.read();
                    read.incrementAndGet();
                    return value;
                  }
                });
    try (Crowd<Integer> crowd = new Crowd<>(readFile)) {
      crowd.assertHindersNobody(WAITING);
      crowd.assertFirstDiesAfter(self -> self.blocking(() -> write(pipes, 0)));
      assertEquals(1, read.get(), "its section went on to its end");
      crowd.inProcess(
          self -> {
            for (int i = 1; i < Crowd.SIZE; i++) {
              int number = i;
              self.blocking(() -> write(pipes, number));
            }
          });
      assertEquals(OTHERS, crowd.results());
    }
  }

  private static Path write(List<Path> pipes, int number) throws IOException {
    return Files.write(pipes.get(number), new byte[] {(byte) number});
  }

  @Test
  @DisplayName("processes that wait for a lock of SQLite in blocking sections hinder nobody")
  void sqlite(@TempDir Path folder) throws Exception {
    String url = "jdbc:sqlite:" + folder.resolve("numbers.db") + "?busy_timeout=20000";
    try (Connection locking = DriverManager.getConnection(url);
        Statement sql = locking.createStatement()) {
      sql.execute("PRAGMA journal_mode = WAL");
      sql.execute("CREATE TABLE numbers (n INTEGER)");
      sql.execute("BEGIN IMMEDIATE");
      Crowd.Wait<Integer> insert = (self, number) -> self.blocking(() -> insert(url, number));
      try (Crowd<Integer> crowd = new Crowd<>(insert)) {
        crowd.assertHindersNobody(WAITING);
        crowd.assertFirstDiesAfter(self -> self.blocking(() -> sql.execute("COMMIT")));
        assertEquals(OTHERS, crowd.results());
      }
      assertEquals(numbers(0, Crowd.SIZE), inserted(sql), "also the section that its killer saw");
    }
  }

  private static int insert(String url, int number) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement sql = connection.createStatement()) {
      sql.execute("PRAGMA synchronous = OFF");
      sql.execute("INSERT INTO numbers VALUES (" + number + ")");
      return number;
    }
  }

  private static Set<Integer> inserted(Statement sql) throws SQLException {
    List<Integer> all = new ArrayList<>();
    try (ResultSet rows = sql.executeQuery("SELECT n FROM numbers")) {
      while (rows.next()) {
        all.add(rows.getInt(1));
      }
    }
    return Set.copyOf(all);
  }
}
