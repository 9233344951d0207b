package io.coppice.bench.suite;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this JVM takes of the machine's memory. */
public final class Memory {
  private Memory() {}

  /**
   * What is in the heap, garbage included.
   *
   * @return bytes
   */
  public static double heap() {
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /**
   * What is resident.
   *
   * @return bytes; not a number where the system does not tell as Linux does
   * @throws IOException if it cannot be read
   */
  public static double resident() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return Double.NaN;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmRSS:")) {
        return 1_024.0 * Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    return Double.NaN;
  }
}
