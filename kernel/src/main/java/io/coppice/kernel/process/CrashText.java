package io.coppice.kernel.process;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A crash in words, however large the values of the user's are and whatever they throw. */
final class CrashText {
  private static final int VALUE_MAX = 80; // characters of a value
  private static final int PIDS_MAX = 20;

  private final StringBuilder out = new StringBuilder();

  CrashText(CrashReport report) {
    ProcessInfo process = report.process();
    out.append("Process ").append(process.pid());
    if (process.name() != null) {
      out.append(" (").append(process.name()).append(')');
    }
    out.append(" crashed: ").append(report.reason().describe());
    line("started as", process.initialCall());
    if (process.label() != null) {
      line("label", value(process.label()));
    }
    line("ancestors", list(process.ancestors(), process.ancestors().size(), PIDS_MAX));
    line("status", doing(process));
    int left = Math.max(process.queueLength(), report.messages().size());
    line("messages", left == 0 ? "none left" : left + " left: " + list(report.messages(), left));
    relations(process.related());
    dictionary(report.dictionary(), process.dictionarySize());
    line("exits", process.trapExit() ? "trapped" : "not trapped");
    neighbours(report.neighbours());
    if (report.reason() instanceof ExitReason.Crashed(Throwable error)) {
      out.append('\n').append(stackTrace(error));
    }
  }

  private void line(String what, String text) {
    out.append("\n  ").append(what).append(':');
    out.repeat(' ', 13 - what.length()).append(text);
  }

  private void relations(ProcessInfo.Related related) {
    relation("links", related.links(), related.linkCount());
    relation("monitors", related.monitors(), related.monitorCount());
    relation("monitored by", related.monitoredBy(), related.monitoredByCount());
    if (related.aliasCount() > 0) {
      line("aliases", Integer.toString(related.aliasCount()));
    }
  }

  private void relation(String what, List<?> some, int count) {
    if (count > 0) {
      line(what, list(some, count, PIDS_MAX));
    }
  }

  private void dictionary(List<Map.Entry<Object, Object>> entries, int count) {
    if (count > 0) {
      Function<Map.Entry<Object, Object>, String> text =
          entry -> value(entry.getKey()) + " = " + value(entry.getValue());
      line("dictionary", join(entries.stream().map(text).toList(), count));
    }
  }

  private void neighbours(List<ProcessInfo> neighbours) {
    if (!neighbours.isEmpty()) {
      line("neighbours", "linked processes that do not trap exits");
    }
    for (ProcessInfo info : neighbours) {
      out.append("\n    ").append(info.pid());
      if (info.name() != null) {
        out.append(" '").append(info.name()).append('\'');
      }
      if (info.label() != null) {
        out.append(" [").append(value(info.label())).append(']');
      }
      out.append(' ').append(info.initialCall()).append(": ").append(doing(info));
      out.append("; messages: ").append(info.queueLength());
      if (info.related().linkCount() > 0) {
        out.append("; links: ");
        out.append(list(info.related().links(), info.related().linkCount(), PIDS_MAX));
      }
    }
  }

  private static String doing(ProcessInfo info) {
    String status = info.status().name().toLowerCase(Locale.ROOT);
    WaitReason wait = info.waitReason();
    String reason =
        wait == WaitReason.NONE
            ? ""
            : ", " + wait.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return status + reason + (info.handling() == null ? "" : ", with " + info.handling());
  }

  private static String list(Collection<?> some, int count) {
    return list(some, count, Integer.MAX_VALUE);
  }

  private static String list(Collection<?> some, int count, int shownMax) {
    List<String> shown = new ArrayList<>();
    for (Object each : some) {
      if (shown.size() == shownMax) {
        break;
      }
      shown.add(value(each));
    }
    return join(shown, count);
  }

  private static String join(List<String> shown, int count) {
    int more = count - shown.size();
    String all = String.join(", ", shown);
    return more <= 0 ? all : all + (shown.isEmpty() ? "" : " and ") + more + " more";
  }

  /** The text of a value of the user's, in one line of limited length; never fails. */
  static String value(@Nullable Object value) {
    String text;
    try {
      text = String.valueOf(value);
    } catch (Throwable e) {
      text = "a " + (value == null ? "null" : value.getClass().getName()) + " without a text";
    }
    boolean whole = text.length() <= VALUE_MAX;
    String shown = whole ? text : text.substring(0, VALUE_MAX - 3) + "...";
    return shown.replaceAll("\\s+", " ");
  }

  /** The stack trace of an error that may be the user's, in lines; never fails. */
  static String stackTrace(Throwable error) {
    StringWriter trace = new StringWriter();
    try {
      error.printStackTrace(new PrintWriter(trace, true));
    } catch (Throwable e) {
      trace.append("(the rest of its stack trace cannot be shown: ");
      trace.append(e.getClass().getName()).append(" came instead)");
    }
    return trace.toString();
  }

  @Override
  public String toString() {
    return out.toString().stripTrailing();
  }
}
