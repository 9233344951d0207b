package io.coppice.examples.bus;

import io.coppice.behaviours.event.EventInit;
import io.coppice.behaviours.event.EventStep;
import io.coppice.behaviours.pg.ProcessGroups;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Pid;
import java.util.List;

/** Sends each event to the processes in the group of its topic. Counts what it has sent. */
final class Distributor implements Listener<Void, Integer> {
  private final ProcessGroups<String> topics;
  private Context self;

  @SuppressWarnings("NullAway.Init") // init comes before everything else
  Distributor(ProcessGroups<String> topics) {
    this.topics = topics;
  }

  @Override
  public EventInit<Integer> init(Context context) {
    self = context;
    return EventInit.state(0);
  }

  @Override
  public EventStep<Integer> handleEvent(Event event, Integer sent) {
    List<Pid> members = topics.members(event.topic());
    members.forEach(member -> self.send(member, event));
    return EventStep.next(sent + members.size());
  }
}
