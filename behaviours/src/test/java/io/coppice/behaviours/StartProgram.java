package io.coppice.behaviours;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.coppice.behaviours.server.GenServer;
import io.coppice.behaviours.server.Init;
import io.coppice.behaviours.server.Result;
import io.coppice.behaviours.server.ServerRef;
import io.coppice.kernel.Node;
import io.coppice.kernel.NodeOptions;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Request;
import io.coppice.supervisor.Supervisor;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** What {@link StartTest} starts in a JVM of its own: says what works, and ends by itself. */
final class StartProgram {
  private StartProgram() {}

  private record Twice(int number) implements Call<Twice, Integer> {}

  private static final class Doubler implements GenServer<Twice, Integer> {
    @Override
    public Init<Integer> init(Context self) {
      return Init.state(0);
    }

    @Override
    public Result<Integer> handleCall(Twice request, Request from, Integer calls) {
      return Result.reply(2 * request.number(), calls + 1);
    }
  }

  public static void main(String[] arguments) throws Exception {
    CompletableFuture<String> slept = new CompletableFuture<>();
    CompletableFuture<Integer> read = new CompletableFuture<>();
    CountDownLatch reads = new CountDownLatch(1);
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Node node = Node.start(NodeOptions.DEFAULT.withSchedulers(1))) {
      Supervisor.oneForOne().child("doubler", Doubler::new).start(node);
      ServerRef<Twice> doubler = ServerRef.named(node, "doubler");
      node.spawn(
          self -> {
            Thread.sleep(100); // not for an order: it blocks where the kernel does not see it
            slept.complete("slept");
          });
      node.spawn(
          self -> {
            try (Socket socket = server.accept()) {
              reads.countDown();
              read.complete(socket.getInputStream().read());
            }
          });
      try (Socket client = new Socket(server.getInetAddress(), server.getLocalPort())) {
        check(reads.await(20, SECONDS), "a process accepts");
        say(StartProgram.class.getModule().getName() + " answers " + doubler.call(new Twice(21)));
        say(slept.get(20, SECONDS));
        check(!read.isDone(), "nothing was sent yet");
        client.getOutputStream().write(7);
        say("read " + read.get(20, SECONDS));
      }
      node.dump().lines().filter(line -> line.startsWith("  mode ")).forEach(StartProgram::say);
    }
    say("closed");
  }

  /** What the test reads, marked: the log goes there, too. */
  private static void say(String what) {
    System.out.println("> " + what.strip());
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("not so: " + what);
    }
  }
}
