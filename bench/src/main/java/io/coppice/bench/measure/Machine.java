package io.coppice.bench.measure;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the figures were taken on. */
public final class Machine {
  private Machine() {}

  /**
   * Processor, memory, system and JVM; no names of hosts or people.
   *
   * @return a line for each
   */
  public static List<String> describe() {
    return List.of(
        "processor: "
            + field("/proc/cpuinfo", "model name").orElse(System.getProperty("os.arch"))
            + ", "
            + Runtime.getRuntime().availableProcessors()
            + " cores for this JVM",
        "memory: " + field("/proc/meminfo", "MemTotal").map(Machine::gibibytes).orElse("unknown"),
        "system: " + System.getProperty("os.name") + " " + System.getProperty("os.version"),
        "JVM: " + System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
        "JVM flags: " + String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments()),
        "date: " + LocalDate.now(ZoneOffset.UTC));
  }

  private static String gibibytes(String kilobytes) {
    double value = Double.parseDouble(kilobytes.replaceAll("[^0-9]", ""));
    return String.format(Locale.ROOT, "%.1f GiB", value / 1_048_576);
  }

  private static Optional<String> field(String file, String name) {
    Path path = Path.of(file);
    try {
      return Files.exists(path)
          ? Files.readAllLines(path).stream()
              .filter(line -> line.startsWith(name))
              .map(line -> line.substring(line.indexOf(':') + 1).strip())
              .findFirst()
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether others use the machine so much that figures are noise.
   *
   * @return a warning, or empty
   */
  public static Optional<String> busy() {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    return load > 0.5
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "The machine is busy (load average %.1f): the figures will be noise.",
                load))
        : Optional.empty();
  }
}
