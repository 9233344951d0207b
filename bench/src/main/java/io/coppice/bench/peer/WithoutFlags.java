package io.coppice.bench.peer;

import io.coppice.bench.peer.Comparison.Best;
import io.coppice.bench.peer.Comparison.Line;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What Coppice takes in a JVM without {@code --add-opens}, beside itself with the flags and beside
 * what a newcomer would run there instead.
 */
final class WithoutFlags {
  private static final List<String> INSTEAD = List.of("virtual threads", "Pekko");

  private WithoutFlags() {}

  /** A table in Markdown, or empty if nothing was measured so. */
  static Optional<String> table(Comparison comparison) {
    List<Line> lines = comparison.lines(Comparison.PLAIN);
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Line> with =
        comparison.lines().stream().collect(Collectors.toMap(Line::name, Function.identity()));
    List<String> peers =
        comparison.peers().stream()
            .filter(peer -> INSTEAD.stream().anyMatch(peer::startsWith))
            .toList();
    StringBuilder text = new StringBuilder();
    text.append("Coppice in a JVM without `--add-opens`. In bold: its median there over the one")
        .append(" with the flags, and over those of what else runs without.\n\n| workload |")
        .append(" without flags | with flags |");
    peers.forEach(peer -> text.append(' ').append(peer).append(" |"));
    text.append("\n|---|--:|--:|").append("--:|".repeat(peers.size())).append('\n');
    for (Line line : lines) {
      text.append("| ").append(line.name());
      text.append(" | ").append(Comparison.cell(line.coppice())).append(" |");
      Line fast = with.get(line.name());
      text.append(fast == null ? " |" : cell(line, new Best(Comparison.COPPICE, fast.coppice())));
      for (String peer : peers) {
        text.append(
            line.peers().stream()
                .filter(best -> best.contender().equals(peer))
                .findFirst()
                .map(best -> cell(line, best))
                .orElse(" |"));
      }
      text.append('\n');
    }
    return Optional.of(text.toString());
  }

  private static String cell(Line line, Best other) {
    String ratio = Comparison.ratio(line.ratio(other));
    return " " + Comparison.cell(other.row()) + " **" + ratio + "** |";
  }
}
