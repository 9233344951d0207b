package io.coppice.examples.logs;

import io.coppice.behaviours.task.TaskResult;
import io.coppice.kernel.process.ExitReason;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What is in a file.
 *
 * @param totals what is in the chunks that could be counted
 * @param lost the others
 */
record Summary(Totals totals, List<Lost> lost) {
  static final Summary EMPTY = new Summary(Totals.NONE, List.of());

  /** A chunk that could not be counted, and why. */
  record Lost(Chunk chunk, ExitReason reason) {}

  Summary plus(TaskResult<Totals> result) {
    return switch (result) {
      case TaskResult.Ok<Totals>(Totals more) -> new Summary(totals.plus(more), lost);
      case TaskResult.Failed<Totals>(ExitReason reason, Object input) -> {
        Lost chunk = new Lost((Chunk) Objects.requireNonNull(input, "zipInputOnExit"), reason);
        yield new Summary(totals, Stream.concat(lost.stream(), Stream.of(chunk)).toList());
      }
    };
  }
}
