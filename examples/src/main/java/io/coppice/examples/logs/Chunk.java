package io.coppice.examples.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A part of a file: the lines that begin in it.
 *
 * @param from its first byte
 * @param length its bytes; the last line may go on behind them
 */
record Chunk(long from, int length) {
  /** All chunks of a file, each made when it is asked for. */
  static Stream<Chunk> of(Path file, int length) throws IOException {
    long size = Files.size(file);
    return LongStream.iterate(0, from -> from < size, from -> from + length)
        .mapToObj(from -> new Chunk(from, (int) Math.min(length, size - from)));
  }
}
