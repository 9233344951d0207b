package io.coppice.behaviours;

import io.coppice.behaviours.server.GenServer;
import io.coppice.behaviours.server.Init;
import io.coppice.behaviours.server.Result;
import io.coppice.behaviours.server.ServerRef;
import io.coppice.kernel.Node;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Request;
import io.coppice.supervisor.Supervisor;

/** What {@link ModulePathTest} starts in a JVM of its own. */
final class ModulePathProgram {
  private ModulePathProgram() {}

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

  public static void main(String[] arguments) {
    try (Node node = Node.start()) {
      Supervisor.oneForOne().child("doubler", Doubler::new).start(node);
      ServerRef<Twice> doubler = ServerRef.named(node, "doubler");
      System.out.println(
          ModulePathProgram.class.getModule() + " answers " + doubler.call(new Twice(21)));
    }
  }
}
