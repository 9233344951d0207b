package io.coppice.kernel.observe;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.LongQueueReport;
import io.coppice.kernel.process.LongTurnReport;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Report;
import io.coppice.kernel.process.UndeliveredReport;
import io.coppice.kernel.process.ZombieReport;
import java.util.List;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/**
 * What a node tells the JDK's flight recorder. Any thread; nothing here blocks.
 *
 * <p>Callers ask {@link #on} first. It is false until the JVM records for the first time, and until
 * then no class of an event is loaded: the first of them takes a tenth of a second to load.
 * Afterwards each event has a flag of its own, which the recorder sets and the compiler sees as a
 * constant.
 */
@SuppressWarnings("unused") // the fields of events are read by the recorder
public final class FlightEvents {
  private static final int TEXT_MAX = 1_000; // characters

  private FlightEvents() {}

  /**
   * Whether anything may be recorded.
   *
   * @return false if it is not worth making an event
   */
  public static boolean on() {
    return FlightRecorder.isInitialized();
  }

  // ---- the events

  @Category("Coppice")
  @StackTrace(false)
  private abstract static class NodeEvent extends Event {
    @Label("Node")
    @Nullable String node;
  }

  private abstract static class ProcessEvent extends NodeEvent {
    @Label("Process")
    @Description("The number in the process's pid")
    long process;
  }

  @Name("io.coppice.ProcessStart")
  @Label("Process Start")
  @Description("A process was spawned")
  private static final class ProcessStart extends ProcessEvent {
    static final ProcessStart PROBE = new ProcessStart();

    @Label("Name")
    @Nullable String name;

    @Label("Initial Call")
    @Nullable String initialCall;

    @Label("Parent")
    @Description("The number of the process that spawned it, 0 for none")
    long parent;
  }

  @Name("io.coppice.ProcessExit")
  @Label("Process Exit")
  @Description("A process has ended")
  private static final class ProcessExit extends ProcessEvent {
    static final ProcessExit PROBE = new ProcessExit();

    @Label("Name")
    @Nullable String name;

    @Label("Initial Call")
    @Nullable String initialCall;

    @Label("Reason")
    @Nullable String reason;

    @Label("Abnormal")
    boolean abnormal;

    @Label("Ended By")
    @Description("Who sent the exit signal; empty if its own code ended it")
    @Nullable String endedBy;

    @Label("Messages")
    @Description("Messages it had handled or received")
    long messages;
  }

  @Name("io.coppice.LongTurn")
  @Label("Long Turn")
  @Description("A process keeps a scheduler for long; another one runs in its place")
  private static final class LongTurn extends ProcessEvent {
    static final LongTurn PROBE = new LongTurn();

    @Label("So Far")
    @Timespan(Timespan.NANOSECONDS)
    long lasted;

    @Label("Code")
    @Nullable String code;
  }

  @Name("io.coppice.Zombie")
  @Label("Zombie")
  @Description("A process was declared dead while its code runs, or that code has returned")
  private static final class Zombie extends ProcessEvent {
    static final Zombie PROBE = new Zombie();

    @Label("Initial Call")
    @Nullable String initialCall;

    @Label("Returned")
    @Description("Whether its code has returned now")
    boolean returned;

    @Label("Code")
    @Nullable String code;
  }

  @Name("io.coppice.CallTimeout")
  @Label("Call Time-out")
  @Description("A call got no answer in time")
  private static final class CallTimeout extends ProcessEvent {
    static final CallTimeout PROBE = new CallTimeout();

    @Label("Caller")
    @Description("The number of the process that called; 0 for a thread outside")
    long caller;

    @Label("Call")
    @Nullable String call;

    @Label("Callee")
    @Description("What the process that was called is doing")
    @Nullable String callee;

    @Label("Call Cycle")
    @Description("Processes that wait for each other's answers; empty if there are none")
    @Nullable String cycle;
  }

  @Name("io.coppice.Undelivered")
  @Label("Undelivered Messages")
  @Description("Messages that reached nobody, a summary")
  private static final class UndeliveredMessages extends NodeEvent {
    static final UndeliveredMessages PROBE = new UndeliveredMessages();

    @Label("Summary")
    @Nullable String summary;
  }

  @Name("io.coppice.MailboxWatermark")
  @Label("Mailbox Watermark")
  @Description(
      "The queue of a process has grown above its high mark, or is below the low one again")
  private static final class MailboxWatermark extends ProcessEvent {
    static final MailboxWatermark PROBE = new MailboxWatermark();

    @Label("High")
    @Description("Whether the high mark was crossed, or the low one")
    boolean high;

    @Label("Queue Length")
    long queueLength;
  }

  @Name("io.coppice.Report")
  @Label("Report")
  @Description("Anything that was reported to the node's reporter")
  private static final class AnyReport extends NodeEvent {
    static final AnyReport PROBE = new AnyReport();

    @Label("Type")
    @Nullable String type;

    @Label("Level")
    @Nullable String level;

    @Label("Headline")
    @Nullable String headline;
  }

  // ---- recording

  /**
   * A process was spawned.
   *
   * @param node the node's name
   * @param pid the process
   * @param name its registered name, or null
   * @param initialCall what it was started as
   * @param parent the process that spawned it
   */
  public static void started(
      String node, Pid pid, @Nullable String name, String initialCall, Pid parent) {
    if (ProcessStart.PROBE.isEnabled()) {
      ProcessStart event = new ProcessStart();
      event.node = node;
      event.process = pid.number();
      event.name = name;
      event.initialCall = initialCall;
      event.parent = parent.number();
      event.commit();
    }
  }

  /** Whether {@link #ended} records anything. */
  public static boolean recordsEnds() {
    return ProcessExit.PROBE.isEnabled();
  }

  /**
   * What is to be said of a process that has ended.
   *
   * @param pid the process
   * @param name its last registered name, or null
   * @param initialCall what it was started as
   * @param reason why it has ended
   * @param by who sent the exit signal, or null if its own code ended it
   * @param messages how many it had handled
   */
  public record End(
      Pid pid,
      @Nullable String name,
      String initialCall,
      ExitReason reason,
      @Nullable Pid by,
      long messages) {}

  /**
   * A process has ended.
   *
   * @param node the node's name
   * @param end what is to be said of it
   */
  public static void ended(String node, End end) {
    ProcessExit event = new ProcessExit();
    event.node = node;
    event.process = end.pid().number();
    event.name = end.name();
    event.initialCall = end.initialCall();
    event.reason = text(end.reason());
    event.abnormal = !end.reason().isClean();
    event.endedBy = end.by() == null ? "" : end.by().toString();
    event.messages = end.messages();
    event.commit();
  }

  /**
   * A call got no answer in time.
   *
   * @param node the node's name
   * @param caller who called, or null for a thread outside
   * @param callee who was called
   * @param call the call in words
   * @param doing what the callee is doing, in words
   * @param cycle the processes that wait for each other, in words, or null
   */
  public static void timedOut(
      String node,
      @Nullable Pid caller,
      Pid callee,
      String call,
      String doing,
      @Nullable String cycle) {
    if (CallTimeout.PROBE.isEnabled()) {
      CallTimeout event = new CallTimeout();
      event.node = node;
      event.caller = caller == null ? 0 : caller.number();
      event.process = callee.number();
      event.call = text(call);
      event.callee = text(doing);
      event.cycle = cycle == null ? "" : cycle;
      event.commit();
    }
  }

  /**
   * Something of the kernel's own was reported. Runs none of the user's code.
   *
   * @param node the node's name
   * @param report the report
   */
  public static void reported(String node, Report report) {
    switch (report) {
      case LongTurnReport(Pid pid, long nanos, var stack) -> longTurn(node, pid, nanos, stack);
      case ZombieReport zombie -> zombie(node, zombie);
      case UndeliveredReport summary -> undelivered(node, summary);
      case LongQueueReport queue -> watermark(node, queue);
      default -> {}
    }
  }

  /**
   * Anything is handed to the reporter. Its text may be code of the user's, so this belongs on the
   * reporter's thread.
   *
   * @param node the node's name
   * @param report the report
   */
  public static void handed(String node, Report report) {
    if (AnyReport.PROBE.isEnabled()) {
      AnyReport event = new AnyReport();
      event.node = node;
      event.type = report.getClass().getSimpleName();
      event.level = report.level().getName();
      event.headline = text(report.text().lines().findFirst().orElse(""));
      event.commit();
    }
  }

  private static void longTurn(String node, Pid pid, long nanos, List<StackTraceElement> stack) {
    if (LongTurn.PROBE.isEnabled()) {
      LongTurn event = new LongTurn();
      event.node = node;
      event.process = pid.number();
      event.lasted = nanos;
      event.code = code(stack);
      event.commit();
    }
  }

  private static void zombie(String node, ZombieReport report) {
    if (Zombie.PROBE.isEnabled()) {
      Zombie event = new Zombie();
      event.node = node;
      event.process = report.pid().number();
      event.initialCall = report.initialCall();
      event.returned = report.ended();
      event.code = code(report.stack());
      event.commit();
    }
  }

  private static void undelivered(String node, UndeliveredReport report) {
    if (UndeliveredMessages.PROBE.isEnabled()) {
      UndeliveredMessages event = new UndeliveredMessages();
      event.node = node;
      event.summary = text(report.text());
      event.commit();
    }
  }

  private static void watermark(String node, LongQueueReport report) {
    if (MailboxWatermark.PROBE.isEnabled()) {
      MailboxWatermark event = new MailboxWatermark();
      event.node = node;
      event.process = report.pid().number();
      event.high = report.above();
      event.queueLength = report.length();
      event.commit();
    }
  }

  private static String code(List<StackTraceElement> stack) {
    StackTraceElement frame = ProcessText.telling(stack);
    return frame == null ? "" : frame.toString();
  }

  private static String text(Object value) {
    String text = String.valueOf(value);
    return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX - 3) + "...";
  }
}
