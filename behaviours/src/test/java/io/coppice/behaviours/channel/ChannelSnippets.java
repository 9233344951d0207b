package io.coppice.behaviours.channel;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Processes;
import java.util.ArrayList;
import java.util.List;

/** The code that the Javadoc shows. */
final class ChannelSnippets {
  private ChannelSnippets() {}

  static List<Integer> pipeline(Processes node, List<String> input) {
    List<Integer> lengths = new ArrayList<>();
    // @start region="pipeline"
    Channel<String> lines = Channel.bounded(node, 100);
    Channel<Integer> counts = Channel.bounded(node, 100);
    node.spawn(
        self -> {
          input.forEach(lines::send); // waits while 100 are on their way
          lines.close();
        });
    node.spawn(
        self -> {
          lines.forEach(line -> counts.send(line.length()));
          counts.close();
        });
    counts.forEach(lengths::add);
    // @end
    return lengths;
  }

  static String oneShot(Context self) {
    // @start region="oneShot"
    OneShot<String> answer = OneShot.create(self);
    self.spawn(helper -> answer.send("done"));
    return answer.receive();
    // @end
  }
}
