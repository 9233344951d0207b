package io.coppice.behaviours.generic;

import io.coppice.behaviours.DebugFunction;
import io.coppice.behaviours.DebugStopped;
import io.coppice.behaviours.SysStatistics;
import io.coppice.behaviours.SystemEvent;
import io.coppice.behaviours.SystemRequest.Debugging;
import io.coppice.behaviours.SystemRequest.GetLog;
import io.coppice.behaviours.SystemRequest.GetStatistics;
import io.coppice.behaviours.SystemRequest.Install;
import io.coppice.behaviours.SystemRequest.LogToFile;
import io.coppice.behaviours.SystemRequest.NoDebug;
import io.coppice.behaviours.SystemRequest.Remove;
import io.coppice.behaviours.SystemRequest.SetLog;
import io.coppice.behaviours.SystemRequest.SetStatistics;
import io.coppice.behaviours.SystemRequest.SetTrace;
import io.coppice.behaviours.SystemTrace;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ProcessInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What watches a behaviour (semantics SY9, SY10). Used by its process only. */
final class Debug {
  /*
   * Nothing is on as a rule, and a behaviour asks `active`, one field read, before it makes an event.
   *
   * The file is opened and closed for each event. That is slow, and nothing else would do: a process
   * that is killed runs no code any more that could close it.
   *
   * What fails is turned off and reported: a watcher must not be the end of what it watches.
   */
  private boolean active;
  private @Nullable EventLog log;
  private @Nullable Count count;
  private boolean traced;
  private @Nullable Path file;
  private final Map<Object, Installed> installed = new LinkedHashMap<>();

  /** The statistics since they were turned on. */
  private static final class Count {
    private final long sinceNanos;
    private long in;
    private long out;

    private Count(long sinceNanos) {
      this.sinceNanos = sinceNanos;
    }
  }

  /** A function and its state; the types match because Sys.install says so. */
  private static final class Installed {
    private final DebugFunction<Object> function;
    private Object state;

    @SuppressWarnings("unchecked") // see above
    private Installed(Install<?> install) {
      this.function = (DebugFunction<Object>) install.function();
      this.state = install.state();
    }
  }

  /** Whether events are of any use. */
  boolean active() {
    return active;
  }

  // ---- commands

  /**
   * Turns something on or off, or gives what it has seen.
   *
   * @return the reply
   * @throws IOException if a file cannot be opened
   */
  @Nullable Object handle(Context self, Debugging command) throws IOException {
    Object reply =
        switch (command) {
          case SetLog(int size) -> {
            keepLog(size);
            yield null;
          }
          case GetLog() -> log();
          case SetStatistics(boolean on) -> {
            Count old = count == null ? new Count(self.monotonicNanos()) : count;
            count = on ? old : null;
            yield null;
          }
          case GetStatistics() -> statistics(self);
          case SetTrace(boolean on) -> {
            traced = on;
            yield null;
          }
          case LogToFile toFile -> {
            Path path = toFile.file() == null ? null : Path.of(toFile.file());
            if (path != null) {
              Files.writeString(path, ""); // the old content goes, as in OTP
            }
            file = path;
            yield null;
          }
          case Install<?> install -> {
            installed.put(install.id(), new Installed(install));
            yield null;
          }
          case Remove(Object id) -> installed.remove(id) != null;
          case NoDebug() -> {
            clear();
            yield null;
          }
        };
    refresh();
    return reply;
  }

  private void clear() {
    log = null;
    count = null;
    traced = false;
    file = null;
    installed.clear();
  }

  private void refresh() {
    active = log != null || count != null || traced || file != null || !installed.isEmpty();
  }

  void keepLog(int size) {
    log = EventLog.resized(log, size);
    refresh();
  }

  /** The events kept, oldest first. */
  List<SystemEvent> log() {
    return log == null ? List.of() : log.toList();
  }

  private @Nullable SysStatistics statistics(Context self) {
    return count == null
        ? null
        : new SysStatistics(
            Duration.ofNanos(self.monotonicNanos() - count.sinceNanos), count.in, count.out);
  }

  /** What is on, in words, for the status. */
  List<String> watching() {
    List<String> all = new ArrayList<>();
    if (log != null) {
      all.add("log");
    }
    if (count != null) {
      all.add("statistics");
    }
    if (traced) {
      all.add("trace");
    }
    if (file != null) {
      all.add(toFile(file));
    }
    installed.keySet().forEach(id -> all.add(function(id)));
    return List.copyOf(all);
  }

  private static String toFile(Path path) {
    return "log to file " + path;
  }

  private static String function(Object id) {
    return "function " + id;
  }

  // ---- events

  /** Shows an event to all that watch. */
  void note(Context self, SystemEvent event) {
    if (log != null) {
      log.add(event);
    }
    if (count != null) {
      switch (event.kind()) {
        case IN -> count.in++;
        case OUT -> count.out++;
      }
    }
    if (traced || file != null) {
      String name = self.info(self.pid()).map(ProcessInfo::name).orElse(null);
      print(self, new SystemTrace(self.pid(), name, event));
    }
    if (!installed.isEmpty()) {
      call(self, event);
    }
  }

  private void print(Context self, SystemTrace line) {
    if (traced) {
      self.report(line);
    }
    Path path = file;
    if (path != null) {
      try {
        Files.writeString(
            path, line.text() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } catch (IOException | RuntimeException error) {
        file = null;
        failed(self, toFile(path), error);
      }
    }
  }

  private void call(Context self, SystemEvent event) {
    Iterator<Map.Entry<Object, Installed>> all = installed.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<Object, Installed> each = all.next();
      Installed watcher = each.getValue();
      try {
        Object next = watcher.function.handle(watcher.state, event, self.pid());
        if (next == null) {
          all.remove();
        } else {
          watcher.state = next;
        }
      } catch (Throwable error) {
        all.remove();
        failed(self, function(each.getKey()), error);
      }
    }
    refresh();
  }

  /** Reports it, unless the process has been told to die: that goes on (P4). */
  private void failed(Context self, String what, Throwable error) {
    refresh();
    self.checkpoint();
    self.report(new DebugStopped(self.pid(), what, error));
  }
}
