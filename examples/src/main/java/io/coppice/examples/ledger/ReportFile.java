package io.coppice.examples.ledger;

import io.coppice.kernel.process.Report;
import io.coppice.kernel.process.Reporter;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Writes reports to a file, on a thread of its own: a reporter must not keep the process waiting
 * that reports. When they come faster than the disk takes them, some are dropped.
 */
final class ReportFile implements Reporter, AutoCloseable {
  private static final String END = "";
  private final BlockingQueue<String> queue = new ArrayBlockingQueue<>(4096);
  private final Thread thread;

  ReportFile(Path file) throws IOException {
    BufferedWriter out = Files.newBufferedWriter(file);
    this.thread = Thread.ofPlatform().daemon().name("reports").start(() -> write(out));
  }

  @Override
  public void report(Report report) {
    boolean _ =
        queue.offer(
            LocalTime.now(ZoneId.systemDefault()) + " " + report.level() + " " + report.text());
  }

  private void write(BufferedWriter out) {
    try (out) {
      for (String text = queue.take(); !text.equals(END); text = queue.take()) {
        out.write(text);
        out.newLine();
        if (queue.isEmpty()) {
          out.flush();
        }
      }
    } catch (IOException | InterruptedException gone) {
      System.err.println("reports are not written any more: " + gone);
    }
  }

  @Override
  public void close() {
    try {
      queue.put(END);
      thread.join(1000);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
