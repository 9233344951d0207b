package io.coppice.examples.logs;

import io.coppice.behaviours.Call;
import io.coppice.behaviours.pool.WorkerPool;
import io.coppice.behaviours.server.GenServer;
import io.coppice.behaviours.server.Init;
import io.coppice.behaviours.server.Result;
import io.coppice.behaviours.task.StreamOptions;
import io.coppice.behaviours.task.TaskStream;
import io.coppice.behaviours.task.TaskSupervisor;
import io.coppice.behaviours.task.TaskSupervisorRef;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Request;
import io.coppice.supervisor.Supervisor;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * Counts a file, chunk by chunk. Its state is the last summary.
 *
 * <p>It holds no more than {@link #UNDER_WAY} chunks, however large the file: further ones are made
 * when results have been added up. The tasks are not linked with it, so one that crashes is one
 * result less, and the task supervisor ends those that are left when the tree stops.
 */
final class LogCounter implements GenServer<LogCounter.Message, Summary> {
  /** The most chunks that are under way: some are read while others are counted. */
  static final int UNDER_WAY = 8;

  private static final int READERS = 2;
  private static final Duration LATE = Duration.ofSeconds(30);

  sealed interface Message {}

  /** Counts the file. */
  record Count() implements Message, Call<Message, Summary> {}

  private final WorkerPool<Chunk, String> readers;
  private final Callable<Stream<Chunk>> chunks;
  private Context self;

  @SuppressWarnings("NullAway.Init") // init comes before everything else
  private LogCounter(WorkerPool<Chunk, String> readers, Callable<Stream<Chunk>> chunks) {
    this.readers = readers;
    this.chunks = chunks;
  }

  /** The tree of a counter named {@code log}, with two readers however many chunks are counted. */
  static Supervisor tree(Reader reader, Callable<Stream<Chunk>> chunks) {
    return tree(WorkerPool.of("readers", READERS, () -> reader), chunks);
  }

  static Supervisor tree(WorkerPool<Chunk, String> readers, Callable<Stream<Chunk>> chunks) {
    return Supervisor.restForOne()
        .child(TaskSupervisor.create().name("counting").childSpec("counting"))
        .child(readers.childSpec())
        .child("log", () -> new LogCounter(readers, chunks));
  }

  @Override
  public Init<Summary> init(Context context) {
    self = context;
    return Init.state(Summary.EMPTY);
  }

  @Override
  public Result<Summary> handleCall(Message request, Request from, Summary last) throws Exception {
    StreamOptions options =
        StreamOptions.DEFAULT
            .maxConcurrency(UNDER_WAY)
            .unordered()
            .timeout(LATE)
            .killOnTimeout()
            .zipInputOnExit()
            .underNoLink(TaskSupervisorRef.named(self, "counting"));
    Summary summary = Summary.EMPTY;
    try (var results = TaskStream.of(self, chunks.call(), this::count, options)) {
      for (var result : results) {
        summary = summary.plus(result);
      }
    }
    return Result.reply(summary, summary);
  }

  /** In a task. */
  private Totals count(Context worker, Chunk chunk) {
    return Totals.of(readers.submit(chunk).await());
  }
}
