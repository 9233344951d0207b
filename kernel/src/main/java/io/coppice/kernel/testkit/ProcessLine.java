package io.coppice.kernel.testkit;

import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.WaitReason;

/** What a failure says about one process. */
final class ProcessLine {
  private static final int FRAMES = 3;

  private ProcessLine() {}

  static String of(ProcessInfo info) {
    StringBuilder out = new StringBuilder().append(info.pid());
    if (info.name() != null) {
      out.append(" '").append(info.name()).append('\'');
    }
    out.append(' ').append(info.initialCall());
    if (info.label() != null) {
      out.append(" [").append(info.label()).append(']');
    }
    out.append(": ").append(info.status());
    if (info.waitReason() != WaitReason.NONE) {
      out.append(" in ").append(info.waitReason());
    }
    out.append(", ").append(info.queueLength()).append(" messages in its mailbox");
    info.stack().stream()
        .filter(frame -> !isInfrastructure(frame))
        .limit(FRAMES)
        .forEach(frame -> out.append("\n      at ").append(frame));
    return out.toString();
  }

  private static boolean isInfrastructure(StackTraceElement frame) {
    String type = frame.getClassName();
    return type.startsWith("java.")
        || type.startsWith("jdk.")
        || type.startsWith("io.coppice.kernel.cell.")
        || type.startsWith("io.coppice.kernel.scheduler.");
  }
}
