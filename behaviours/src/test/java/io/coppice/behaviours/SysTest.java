package io.coppice.behaviours;

import static io.coppice.behaviours.server.TestBed.expect;
import static io.coppice.behaviours.server.TestBed.expectNothing;
import static io.coppice.behaviours.server.TestBed.inProcess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.server.GenServer;
import io.coppice.behaviours.server.Init;
import io.coppice.behaviours.server.Result;
import io.coppice.behaviours.server.ServerOptions;
import io.coppice.behaviours.server.ServerRef;
import io.coppice.behaviours.server.Step;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.testkit.TestNode;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What Sys does to any behaviour, shown on a server. */
class SysTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  sealed interface Message {}

  record Say(String text) implements Message {}

  record All() implements Message, Call<Message, String> {}

  /** Remembers what was said. */
  private static final class Memory implements GenServer<Message, String> {
    private final Pid watcher;
    private @Nullable Context self;

    Memory(Pid watcher) {
      this.watcher = watcher;
    }

    static ServerRef<Message> start(Context watcher, ServerOptions options) {
      Pid pid = watcher.pid();
      return GenServer.<Message, String>start(watcher, () -> new Memory(pid), options).orThrow();
    }

    static ServerRef<Message> start(Context watcher) {
      return start(watcher, ServerOptions.DEFAULT);
    }

    @Override
    public Init<String> init(Context context) {
      self = context;
      context.put("colour", "green");
      context.trapExit(true);
      return Init.state("");
    }

    @Override
    public Result<String> handleCall(Message request, Request from, String said) {
      return Result.reply(said, said);
    }

    @Override
    public Step<String> handleCast(Message message, String said) {
      return message instanceof Say(String text) ? Step.next(said + text) : Step.next(said);
    }

    @Override
    public void terminate(ExitReason reason, String said) {
      if (self != null) {
        self.send(watcher, "terminated: " + reason);
      }
    }
  }

  private static Pid pid(ServerRef<?> server) {
    return server.whereis().orElseThrow();
  }

  private static ExitReason failure(Executable operation) {
    return assertThrows(CallFailed.class, operation).reason();
  }

  private static Object customTerm(ExitReason reason) {
    return assertInstanceOf(ExitReason.Custom.class, reason).term();
  }

  private static List<String> traces(TestNode node) {
    return node.reports(SystemTrace.class).stream()
        .map(trace -> trace.text().replaceAll("<\\d+>", "PID"))
        .toList();
  }

  @Test
  @DisplayName("SYS-001 the log is turned on, read, printed, and turned off")
  void log() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Memory.start(self);
          Sys sys = server.sys();
          sys.log(10);
          server.call(new All());
          assertEquals(
              List.of(
                  new SystemEvent(SystemEvent.Kind.IN, new All(), self.pid()),
                  new SystemEvent(SystemEvent.Kind.OUT, "", self.pid())),
              sys.getLog());
          sys.printLog();
          sys.log(0);
          assertEquals(List.of(), sys.getLog());
          assertThrows(IllegalArgumentException.class, () -> sys.log(-1));
        },
        node -> assertEquals(List.of("PID got All[] from PID", "PID sent  to PID"), traces(node)));
  }

  @Test
  @DisplayName("SYS-002 events are written to a file as long as that is on")
  void logToFile(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("events");
    inProcess(
        self -> {
          Files.writeString(file, "what was in it before");
          ServerRef<Message> server = Memory.start(self, ServerOptions.named("memory"));
          Sys sys = server.sys();
          sys.logToFile(file);
          server.cast(new Say("a"));
          server.call(new All());
          sys.logToFile(null);
          server.call(new All());
          List<String> lines =
              Files.readAllLines(file).stream()
                  .map(line -> line.replaceAll("<\\d+>", "PID"))
                  .toList();
          assertEquals(
              List.of(
                  "memory PID got Say[text=a]",
                  "memory PID got All[] from PID",
                  "memory PID sent a to PID"),
              lines);
        });
  }

  @Test
  @DisplayName("SY10 a file that cannot be written is refused, or given up with a report")
  void badFile(@TempDir Path folder) throws Exception {
    Path inner = folder.resolve("inner");
    Path file = inner.resolve("events");
    inProcess(
        self -> {
          ServerRef<Message> server = Memory.start(self);
          Sys sys = server.sys();
          ExitReason refused = failure(() -> sys.logToFile(file));
          assertInstanceOf(
              NoSuchFileException.class,
              assertInstanceOf(ExitReason.Crashed.class, refused).error());
          Files.createDirectory(inner);
          sys.logToFile(file);
          Files.delete(file);
          Files.delete(inner);
          assertEquals("", server.call(new All()));
          assertEquals(List.of(), sys.getStatus().debugging());
        },
        node -> {
          DebugStopped report = node.reports(DebugStopped.class).getFirst();
          assertEquals(1, node.reports(DebugStopped.class).size());
          assertTrue(report.text().contains(file.toString()), report::text);
        });
  }

  @Test
  @DisplayName("SYS-003 statistics count messages in and out while they are on")
  void statistics() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Memory.start(self);
          Sys sys = server.sys();
          assertTrue(sys.getStatistics().isEmpty());
          sys.statistics(true);
          self.sleep(SECOND);
          server.call(new All());
          SysStatistics seen = sys.getStatistics().orElseThrow();
          assertEquals(1, seen.messagesIn());
          assertEquals(1, seen.messagesOut());
          assertTrue(seen.running().compareTo(SECOND) >= 0, seen::toString);
          server.cast(new Say("a"));
          sys.statistics(true); // on again goes on
          assertEquals(2, sys.getStatistics().orElseThrow().messagesIn());
          sys.statistics(false);
          assertTrue(sys.getStatistics().isEmpty());
        });
  }

  @Test
  @DisplayName("SYS-004 a trace of a call is two lines: what was got, and what was sent")
  void trace() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Memory.start(self, ServerOptions.named("memory"));
          server.sys().trace(true);
          server.call(new All());
          server.sys().trace(false);
          server.call(new All());
        },
        node ->
            assertEquals(
                List.of("memory PID got All[] from PID", "memory PID sent  to PID"), traces(node)));
  }

  @Test
  @DisplayName("SYS-005 suspend and resume twice: calls time out meanwhile, and work again then")
  void suspend() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Memory.start(self);
          Sys sys = server.sys();
          sys.suspend();
          sys.suspend();
          assertEquals(ExitReason.TIMEOUT, failure(() -> server.call(new All(), SECOND)));
          assertTrue(sys.getStatus().suspended());
          sys.resume();
          sys.resume();
          assertFalse(sys.getStatus().suspended());
          assertEquals("", server.call(new All(), SECOND));
        });
  }

  @Test
  @DisplayName("SYS-008 what comes while a process is suspended is handled in order then")
  void suspendedOrder() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Memory.start(self);
          server.sys().suspend();
          for (String text : List.of("1", "2", "3")) {
            server.cast(new Say(text));
          }
          assertEquals("", server.sys().getState());
          server.sys().resume();
          server.cast(new Say("4"));
          assertEquals("1234", server.call(new All()));
        });
  }

  @Test
  @DisplayName("SYS-009 a change of code of a process that is not suspended is refused")
  void changeCodeRunning() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Memory.start(self);
          ExitReason refused = failure(() -> server.sys().changeCode(null, "1", null));
          assertInstanceOf(SystemRequest.Unknown.class, customTerm(refused));
          assertEquals("", server.call(new All()));
        });
  }

  @Test
  @DisplayName("SYS-013 a suspended process is terminated through its terminate")
  void terminateSuspended() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Memory.start(self);
          self.monitor(pid(server));
          server.sys().suspend();
          server.sys().terminate(ExitReason.SHUTDOWN);
          assertEquals("terminated: shutdown", expect(self, String.class));
          assertEquals(ExitReason.SHUTDOWN, expect(self, Down.class).reason());
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("SYS-014 a system request that nobody knows is refused with what was asked")
  void unknown() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Memory.start(self);
          ExitReason refused = failure(() -> server.sys().request("dance"));
          assertEquals(new SystemRequest.Unknown("dance"), customTerm(refused));
          assertEquals("", server.call(new All()));
        });
  }

  @Test
  @DisplayName("SY3 the exit of its parent ends a process that is suspended, through terminate")
  void parentOfSuspended() throws Exception {
    inProcess(
        self -> {
          Pid watcher = self.pid();
          Pid parent =
              self.spawn(
                  own -> {
                    ServerRef<Message> server =
                        GenServer.<Message, String>startLink(
                                own, () -> new Memory(watcher), ServerOptions.named("child"))
                            .orThrow();
                    server.sys().suspend();
                    own.send(watcher, "suspended");
                    throw own.exit((ExitReason) own.receive(ExitReason.class::isInstance));
                  });
          assertEquals("suspended", expect(self, String.class));
          self.send(parent, ExitReason.SHUTDOWN);
          assertEquals("terminated: shutdown", expect(self, String.class));
        });
  }

  @Test
  @DisplayName("SY8 the status has dictionary, parent and what watches the process")
  void status() throws Exception {
    inProcess(
        self -> {
          Pid watcher = self.pid();
          ServerRef<Message> server =
              GenServer.<Message, String>startLink(
                      self, () -> new Memory(watcher), ServerOptions.named("memory"))
                  .orThrow();
          Sys sys = Sys.named(self, "memory");
          sys.log(3);
          sys.trace(true);
          sys.install("watch", 0, (count, event, process) -> count + 1);
          SysStatus status = sys.getStatus();
          assertEquals(Map.of("colour", "green"), status.dictionary());
          assertEquals(List.of("log", "trace", "function watch"), status.debugging());
          assertEquals(self.pid(), status.parent());
          assertEquals(pid(server), status.pid());
          assertEquals(Memory.class.getName(), status.module());
          assertEquals("", status.state());
          sys.noDebug();
          assertEquals(List.of(), sys.getStatus().debugging());
          server.stop();
          self.receive();
        });
  }

  @Test
  @DisplayName("SY10 an installed function sees each event with its state until it is done")
  void install() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Memory.start(self);
          Pid watcher = self.pid();
          Sys sys = server.sys();
          DebugFunction<Integer> three =
              (count, event, process) -> {
                self.node().send(watcher, count + " " + event.kind() + " of " + process);
                return count < 3 ? count + 1 : null;
              };
          sys.install("three", 1, three);
          server.call(new All());
          server.call(new All());
          String of = " of " + pid(server);
          assertEquals("1 IN" + of, self.receive());
          assertEquals("2 OUT" + of, self.receive());
          assertEquals("3 IN" + of, self.receive());
          assertFalse(sys.remove("three"));
          sys.install("again", 1, three);
          assertTrue(sys.remove("again"));
          server.call(new All());
          expectNothing(self);
        });
  }

  @Test
  @DisplayName(
      "SY10 an installed function that throws is removed and reported, and nothing else is")
  void installedThrows() throws Exception {
    inProcess(
        self -> {
          ServerRef<Message> server = Memory.start(self);
          Sys sys = server.sys();
          sys.install(
              "broken",
              "",
              (state, event, process) -> {
                throw new IllegalStateException("broken watch");
              });
          sys.statistics(true);
          assertEquals("", server.call(new All()));
          assertEquals(List.of("statistics"), sys.getStatus().debugging());
          assertEquals(1, sys.getStatistics().orElseThrow().messagesOut());
        },
        node -> {
          assertEquals(1, node.reports(DebugStopped.class).size());
          String text = node.reports(DebugStopped.class).getFirst().text();
          assertTrue(text.contains("function broken") && text.contains("broken watch"), text);
        });
  }
}
