package io.coppice.examples.logs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.coppice.behaviours.pool.Worker;
import io.coppice.kernel.process.Context;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Reads the lines of a chunk. It blocks in native code while it does, so it leaves the scheduler
 * for that.
 */
record Reader(Path file) implements Worker<Chunk, String> {
  @Override
  public String work(Context self, Chunk chunk) throws Exception {
    return self.blocking(() -> lines(chunk));
  }

  String lines(Chunk chunk) throws IOException {
    int before = chunk.from() == 0 ? 0 : 1; // a line begins behind the end of another one
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(chunk.from() - before);
      byte[] bytes = new byte[chunk.length() + before];
      in.readFully(bytes);
      String text = new String(bytes, ISO_8859_1);
      int begin = before == 0 ? 0 : text.indexOf('\n') + 1;
      if (begin < before || begin == text.length()) {
        return "";
      }
      String rest = text.endsWith("\n") ? "" : Objects.requireNonNullElse(in.readLine(), "");
      return text.substring(begin) + rest;
    }
  }
}
