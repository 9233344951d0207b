package io.coppice.examples.logs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;

/** Writes an access log: the same lines each time, one of them broken. */
final class AccessLog {
  /** What the broken line is. */
  static final String BROKEN = "2026-01-01T00:00:00Z GET /ca";

  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final int[] STATUSES = {200, 200, 200, 200, 200, 200, 302, 304, 404, 500};
  private static final String[] PATHS = {"/", "/cart", "/search?q=tea", "/item/4711", "/login"};

  private AccessLog() {}

  /** Writes about 44 bytes for each line; the one in the middle is broken. */
  static Path write(Path file, int lines) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Random random = new Random(lines);
    try (BufferedWriter out = Files.newBufferedWriter(file, US_ASCII)) {
      for (int i = 0; i < lines; i++) {
        out.write(i == lines / 2 ? BROKEN : line(i, random));
        out.write('\n');
      }
    }
    return file;
  }

  private static String line(int number, Random random) {
    String path = PATHS[random.nextInt(PATHS.length)];
    int status = STATUSES[random.nextInt(STATUSES.length)];
    return BEGIN.plusSeconds(number) + " GET " + path + " " + status + " " + random.nextInt(50_000);
  }
}
