package io.coppice.kernel.soak;

import java.lang.management.ManagementFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/** The heap of this JVM. */
final class Heap {
  private Heap() {}

  /** Bytes in use right after full collections, the least of three. */
  static long used() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  /** The number of reachable instances of each class; counting them is a full collection. */
  static Histogram histogram() {
    try {
      Object text =
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "gcClassHistogram",
                  new Object[] {new String[0]},
                  new String[] {String[].class.getName()});
      return new Histogram(text.toString());
    } catch (JMException e) {
      throw new AssertionError(e);
    }
  }

  /** As {@code jcmd GC.class_histogram} prints it. */
  record Histogram(String text) {
    /** The instances of a class, by its full name. */
    long instances(String className) {
      Matcher line =
          Pattern.compile("(?m)^ *\\d+: +(\\d+) +\\d+ +" + Pattern.quote(className) + "( .*)?$")
              .matcher(text);
      return line.find() ? Long.parseLong(line.group(1)) : 0;
    }
  }
}
