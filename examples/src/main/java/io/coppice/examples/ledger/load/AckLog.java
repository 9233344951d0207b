package io.coppice.examples.ledger.load;

import io.coppice.examples.ledger.audit.Acked;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What clients were told: in memory, and if wished in a file that outlives this JVM. Each line is
 * handed to the operating system at once, so a killed JVM loses none.
 */
public final class AckLog implements AutoCloseable {
  private final List<Acked> acked = new ArrayList<>();
  private final @Nullable OutputStream file;

  /**
   * A log.
   *
   * @param file to append to, or null
   * @throws IOException if the file cannot be written
   */
  public AckLog(@Nullable Path file) throws IOException {
    this.file =
        file == null
            ? null
            : Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Adds a transfer; any thread may. */
  synchronized void add(Acked transfer) {
    acked.add(transfer);
    if (file != null) {
      try {
        file.write(transfer.line().getBytes(StandardCharsets.UTF_8));
      } catch (IOException full) {
        throw new UncheckedIOException("the log of acknowledged transfers cannot be written", full);
      }
    }
  }

  /**
   * All of them.
   *
   * @return a copy
   */
  public synchronized List<Acked> all() {
    return List.copyOf(acked);
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
