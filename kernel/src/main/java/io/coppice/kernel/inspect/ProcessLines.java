package io.coppice.kernel.inspect;

import static io.coppice.kernel.inspect.Totals.count;
import static io.coppice.kernel.inspect.Totals.number;

import io.coppice.kernel.cell.KernelView;
import io.coppice.kernel.observe.ProcessText;
import io.coppice.kernel.process.DumpOptions;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.Zombie;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;

/** Single processes, and zombies, as lines of a dump. For one thread. */
final class ProcessLines {
  private static final int INDENTS_MAX = 24; // a chain of processes may be a million long
  private static final int STATE_LINES = 2; // after the first
  private static final int STATE_MAX = 300; // characters
  private static final int FRAMES_MAX = 40;
  private static final Comparator<Pid> BY_NUMBER = Comparator.comparingLong(Pid::number);

  private final KernelView kernel;
  private final DumpOptions options;
  private final Appendable out;

  ProcessLines(KernelView kernel, DumpOptions options, Appendable out) {
    this.kernel = kernel;
    this.options = options;
    this.out = out;
  }

  void line(int indents, String text) {
    try {
      out.append("  ".repeat(Math.min(indents, INDENTS_MAX))).append(text).append('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String who(Pid pid) {
    return ProcessText.who(pid, kernel.nameOf(pid));
  }

  // ---- one process

  void process(Pid pid, int depth) {
    ProcessInfo info = kernel.info(pid);
    if (info == null) {
      line(depth, pid + " has ended meanwhile");
      return;
    }
    StringBuilder text = new StringBuilder(ProcessText.who(info));
    String state = info.state();
    int end = state == null ? -1 : state.indexOf('\n');
    if (state != null) {
      String first = end < 0 ? state : state.substring(0, end);
      text.append(" (").append(ProcessText.value(first)).append(')');
    }
    text.append(": ").append(ProcessText.doing(info));
    if (info.queueLength() > 0) {
      text.append("; ").append(number(info.queueLength())).append(" queued");
    }
    text.append("; ").append(number(info.messages())).append(" handled");
    line(depth, text.toString());
    if (state != null && end >= 0) {
      state.substring(end + 1).lines().limit(STATE_LINES).forEach(l -> line(depth + 1, cut(l)));
    }
    stack(info, depth + 1);
    if (options.details()) {
      details(info, depth + 1);
    }
  }

  private static String cut(String text) {
    return text.length() <= STATE_MAX ? text : text.substring(0, STATE_MAX - 3) + "...";
  }

  private void stack(ProcessInfo info, int depth) {
    switch (options.stacks()) {
      case NONE -> {}
      case TOP -> {
        switch (info.status()) {
          case RUNNING, BLOCKED, DYING -> telling(info.stack(), depth);
          case WAITING -> {
            if (info.isInSection()) {
              telling(info.stack(), depth);
            }
          }
          default -> {}
        }
      }
      case FULL -> frames(info.stack(), depth);
    }
  }

  private void telling(List<StackTraceElement> stack, int depth) {
    StackTraceElement frame = ProcessText.telling(stack);
    if (frame != null) {
      line(depth, "at " + frame);
    }
  }

  private void frames(List<StackTraceElement> stack, int depth) {
    stack.stream()
        .skip(ProcessText.framesOfWait(stack))
        .filter(frame -> !ProcessText.isKernel(frame))
        .limit(FRAMES_MAX)
        .forEach(frame -> line(depth, "at " + frame));
  }

  private void details(ProcessInfo info, int depth) {
    ProcessInfo.Related related = info.related();
    list(
        depth,
        "linked with",
        related.links().stream().sorted(BY_NUMBER).map(this::who).toList(),
        related.linkCount());
    list(
        depth,
        "monitors",
        related.monitors().stream().map(ProcessText::value).sorted().toList(),
        related.monitorCount());
    list(
        depth,
        "monitored by",
        related.monitoredBy().stream().sorted(BY_NUMBER).map(this::who).toList(),
        related.monitoredByCount());
    if (related.aliasCount() > 0) {
      line(depth, count(related.aliasCount(), "alias", "aliases"));
    }
    list(
        depth,
        "timers",
        info.timers().stream()
            .map(t -> ProcessText.shortType(t.type()) + " in " + ProcessText.time(t.left()))
            .toList(),
        info.timerCount());
    list(
        depth,
        "dictionary",
        info.dictionary().stream().map(ProcessText::value).sorted().toList(),
        info.dictionarySize());
    if (info.trapExit()) {
      line(depth, "traps exits");
    }
  }

  private void list(int depth, String what, List<String> some, int count) {
    if (count > 0) {
      int more = count - some.size();
      line(
          depth,
          what
              + " "
              + String.join(", ", some)
              + (more > 0 ? " and " + number(more) + " more" : ""));
    }
  }

  // ---- zombies

  /** The oldest zombies. */
  void zombies(int max) {
    List<Zombie> shown = kernel.zombies(max, options.stacks() != DumpOptions.Stacks.NONE);
    if (shown.isEmpty()) {
      return;
    }
    line(0, "Zombies: told to die, cut off, and their code still runs");
    for (Zombie zombie : shown) {
      line(
          1,
          "%s: ended %s ago, %s%s"
              .formatted(
                  ProcessText.who(zombie),
                  ProcessText.time(zombie.age()),
                  ProcessText.value(zombie.reason()),
                  tried(zombie)));
      switch (options.stacks()) {
        case NONE -> {}
        case TOP -> telling(zombie.stack(), 2);
        case FULL -> frames(zombie.stack(), 2);
      }
    }
    long more = kernel.counters().zombies() - shown.size();
    if (more > 0) {
      line(1, "... and " + number(more) + " more");
    }
  }

  private static String tried(Zombie zombie) {
    long refused = zombie.refused();
    return refused == 0 ? "" : "; " + count(refused, "operation", "operations") + " refused";
  }
}
