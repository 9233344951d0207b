package io.coppice.kernel;

import java.util.List;
import java.util.Map;

/**
 * A node as JConsole, VisualVM and other JMX tools see it, under the name {@code
 * io.coppice:type=Node,name=<name of the node>}; a second node of the same name has {@code #2}
 * behind it, and so on. Registered while the node runs, unless {@link Knob#JMX} says no. It only
 * shows: nothing can be changed by it.
 *
 * <p>Attributes cost next to nothing. Operations look at all processes: two or three seconds for a
 * million of them. All values are momentary.
 */
public interface NodeMXBean {
  /**
   * The node's name.
   *
   * @return as in {@link NodeOptions#name}
   */
  String getName();

  /**
   * Whether the node is as fast as it can be, or which JVM flags it was started without.
   *
   * @return {@code fast}, or {@code without} and the flags
   */
  String getMode();

  /**
   * How long it has been running.
   *
   * @return milliseconds
   */
  long getUptimeMillis();

  /**
   * Processes that have not ended.
   *
   * @return their number
   */
  int getProcessCount();

  /**
   * Processes that are ready to run and wait for a scheduler, in the queues of the schedulers.
   *
   * @return their number
   */
  int getReadyCount();

  /**
   * Processes that were declared dead while their code still runs.
   *
   * @return their number
   */
  long getZombieCount();

  /**
   * Timers that have not fired, those of waits included.
   *
   * @return their number
   */
  int getTimerCount();

  /**
   * Scheduler threads that run in place of stuck ones; see {@link Node#extraSchedulers}.
   *
   * @return their number
   */
  int getExtraSchedulers();

  /**
   * Virtual threads that host processes, or wait to do so.
   *
   * @return their number
   */
  int getRunnerCount();

  /**
   * What each scheduler thread is doing.
   *
   * @return a line for each
   */
  List<String> getSchedulers();

  /**
   * Processes spawned since the start.
   *
   * @return their number
   */
  long getSpawned();

  /**
   * Processes that have ended since the start.
   *
   * @return their number
   */
  long getEnded();

  /**
   * Those of them that have ended abnormally.
   *
   * @return their number
   */
  long getEndedAbnormally();

  /**
   * Messages that reached nobody, by reason, since the start.
   *
   * @return names of {@link io.coppice.kernel.process.Undelivered} and numbers
   */
  Map<String, Long> getUndelivered();

  /**
   * Reports that never reached the reporter's end.
   *
   * @return their number
   */
  long getReportsLost();

  /**
   * The whole node as text, as {@link Node#dump()}.
   *
   * @return lines
   */
  String dump();

  /**
   * The same with all stacks, links, monitors, timers and dictionaries.
   *
   * @return lines
   */
  String dumpEverything();

  /**
   * The processes that were declared dead while their code still runs, oldest first: since when,
   * why, and where their code is now.
   *
   * @return lines; none if there are none
   */
  String zombies();

  /**
   * All of one process as text.
   *
   * @param process its number, or its registered name
   * @return lines, or one that says that there is no such process
   */
  String info(String process);
}
