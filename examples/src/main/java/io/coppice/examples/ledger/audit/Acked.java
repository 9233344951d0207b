package io.coppice.examples.ledger.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A transfer of which a client was told that it has happened.
 *
 * @param key its idempotency key
 * @param from who paid
 * @param to who received
 * @param amount how much
 */
public record Acked(String key, String from, String to, long amount) {
  /**
   * The transfer as a line of a log.
   *
   * @return the line, with its end
   */
  public String line() {
    return key + ' ' + from + ' ' + to + ' ' + amount + '\n';
  }

  /**
   * Reads a log that may end in the middle of a line, because its writer was killed.
   *
   * @param log the file
   * @return the transfers of all whole lines
   * @throws IOException if it cannot be read, or has another line
   */
  public static List<Acked> read(Path log) throws IOException {
    List<Acked> acked = new ArrayList<>();
    String text = Files.readString(log);
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
      List<String> fields = List.of(line.split(" ", -1));
      if (fields.size() != 4) {
        throw new IOException("this is no line of a log of acknowledged transfers: " + line);
      }
      acked.add(
          new Acked(fields.get(0), fields.get(1), fields.get(2), Long.parseLong(fields.get(3))));
    }
    return acked;
  }
}
