/** GenServer and the other behaviours: a process that is a loop around a few callbacks. */
@org.jspecify.annotations.NullMarked
module io.coppice.behaviours {
  exports io.coppice.behaviours;
  exports io.coppice.behaviours.agent;
  exports io.coppice.behaviours.application;
  exports io.coppice.behaviours.channel;
  exports io.coppice.behaviours.event;
  exports io.coppice.behaviours.pg;
  exports io.coppice.behaviours.pool;
  exports io.coppice.behaviours.proc;
  exports io.coppice.behaviours.registry;
  exports io.coppice.behaviours.server;
  exports io.coppice.behaviours.statem;
  exports io.coppice.behaviours.task;

  requires transitive io.coppice.kernel;
  requires transitive io.coppice.supervisor;
}
