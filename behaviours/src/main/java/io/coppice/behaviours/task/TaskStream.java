package io.coppice.behaviours.task;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Response;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Computes something for each element of a source, in tasks that run beside each other, and gives
 * one result after the other (semantics TS2; Elixir's {@code async_stream}).
 *
 * {@snippet class="io.coppice.behaviours.task.TaskStreamTest" region="stream"}
 *
 * <p>Lazy, with back-pressure: nothing runs before the first result is asked for, and afterwards
 * the source is asked for as many elements as the {@link StreamOptions} allow to be under way, by
 * the consumer, while it asks for results. Only the process that made it may use it, once.
 *
 * <p>It holds a process and what runs. Taking the last result, a failure, {@link #forEach} and
 * {@link #close} end all that, and the source if that is a {@link Stream}; whoever stops earlier
 * must close it, best by {@code try}-with-resources. When the consumer ends, what runs is killed.
 *
 * <p>Each task has its element as label, for reports and dumps. One that fails gives {@link
 * TaskResult.Failed} to a consumer that traps exits; one that does not ends with the reason of the
 * task, unless the tasks are {@linkplain StreamOptions#underNoLink not linked}. No {@code Exit} of
 * a task ever comes to the consumer.
 *
 * <p>A reactive consumer waits by messages instead: {@link #poll} gives what is there, {@link
 * #accept} is handed what it receives, {@link #cancel} ends it early.
 *
 * @param <B> the type of the results
 */
public final class TaskStream<B extends @Nullable Object>
    implements Iterable<TaskResult<B>>, AutoCloseable {
  /* The consumer takes elements from the source and asks a process of the stream's own, the guard,
   * for a task for each, by a request whose answer is the result. The guard is for what the consumer
   * cannot do while it is busy with a result, or dead: kill a task whose time is over, kill all when
   * the consumer has ended. And it takes the exits of the tasks, which a consumer that traps exits
   * would find in its mailbox. So nothing but the answers to requests ever comes there, and giving
   * those up leaves nothing behind, however a stream ends.
   *
   * The two are not linked, since a consumer that traps exits would get those of the link. What a
   * link with a crashed task would do to a consumer that does not, the guard does by an exit signal.
   */
  private final Context self;
  private final Supplier<Pid> guardStart;
  private final Supplier<? extends Iterator<?>> source;
  private final Runnable sourceEnd;
  private final StreamWindow<B> window;
  private final Results results = new Results();
  private @Nullable Pid guard;
  private @Nullable Iterator<?> elements;
  private boolean exhausted;
  private boolean closed;

  private TaskStream(
      Context self,
      StreamOptions options,
      Supplier<Pid> guardStart,
      Supplier<? extends Iterator<?>> source,
      Runnable sourceEnd) {
    this.self = self;
    this.guardStart = guardStart;
    this.source = source;
    this.sourceEnd = sourceEnd;
    this.window = new StreamWindow<>(options);
  }

  /**
   * Results for the elements of a collection, or of anything else that is iterable, with the
   * default options.
   *
   * @param self the process that calls and takes the results
   * @param source the elements; the process takes them while it asks for results
   * @param code what to compute for each
   * @param <A> the type of the elements
   * @param <B> the type of the results
   * @return the results
   */
  public static <A extends @Nullable Object, B extends @Nullable Object> TaskStream<B> of(
      Context self, Iterable<A> source, TaskFunction<? super A, B> code) {
    return of(self, source, code, StreamOptions.DEFAULT);
  }

  /**
   * Results for the elements of a collection, or of anything else that is iterable: of an iterator
   * by {@code () -> iterator}.
   *
   * @param self the process that calls and takes the results
   * @param source the elements; the process takes them while it asks for results
   * @param code what to compute for each
   * @param options how many at a time, in which order, for how long
   * @param <A> the type of the elements
   * @param <B> the type of the results
   * @return the results
   */
  public static <A extends @Nullable Object, B extends @Nullable Object> TaskStream<B> of(
      Context self, Iterable<A> source, TaskFunction<? super A, B> code, StreamOptions options) {
    return new TaskStream<>(
        self, options, () -> StreamGuard.start(self, code, options), source::iterator, () -> {});
  }

  /**
   * Results for the elements of a stream, which is closed together with the results.
   *
   * @param self the process that calls and takes the results
   * @param source the elements, a sequential stream; the process takes them while it asks for
   *     results
   * @param code what to compute for each
   * @param options how many at a time, in which order, for how long
   * @param <A> the type of the elements
   * @param <B> the type of the results
   * @return the results
   */
  public static <A extends @Nullable Object, B extends @Nullable Object> TaskStream<B> of(
      Context self, Stream<A> source, TaskFunction<? super A, B> code, StreamOptions options) {
    return new TaskStream<>(
        self,
        options,
        () -> StreamGuard.start(self, code, options),
        source::iterator,
        source::close);
  }

  // ---- for processes that wait

  /**
   * The results from here on. Its {@code hasNext} waits for a result, or the end; it throws {@link
   * CallFailed} with {@code timeout} if a task took too long and was not to be killed for it, and
   * {@link IllegalStateException} in another process than the one that made the stream.
   *
   * @return always the same iterator
   */
  @Override
  public Iterator<TaskResult<B>> iterator() {
    return results;
  }

  /**
   * Takes all results and closes the stream, also if the action throws.
   *
   * @param action for each result
   * @throws CallFailed as {@link #iterator}
   */
  @Override
  public void forEach(Consumer<? super TaskResult<B>> action) {
    try {
      results.forEachRemaining(action);
    } finally {
      close();
    }
  }

  /**
   * These results as a sequential stream, which closes this one when it is closed.
   *
   * @return a stream for the same process, to be used once; to be closed unless all is taken
   */
  public Stream<TaskResult<B>> stream() {
    int traits = Spliterator.ORDERED | Spliterator.NONNULL;
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(results, traits), false)
        .onClose(this::close);
  }

  private final class Results implements Iterator<TaskResult<B>> {
    @Nullable TaskResult<B> ahead;

    @Override
    public boolean hasNext() {
      if (ahead == null) {
        ahead = guarded(true, () -> takeNext(true));
      }
      return ahead != null;
    }

    @Override
    public TaskResult<B> next() {
      boolean any = hasNext();
      TaskResult<B> result = takeAhead();
      if (!any || result == null) {
        throw new NoSuchElementException("the stream has no further results");
      }
      return result;
    }

    @Nullable TaskResult<B> takeAhead() {
      TaskResult<B> result = ahead;
      ahead = null;
      return result;
    }
  }

  // ---- for processes that are driven by messages

  /**
   * Starts what may be started, and gives the next result if it is there: for reactive processes,
   * once at the beginning, and until it is empty whenever {@link #accept} has said yes. Results
   * that are not asked for hold up the source.
   *
   * @return a result; or empty if none is there now, see {@link #isDone}
   * @throws IllegalStateException in another process than the one that made it
   */
  public Optional<TaskResult<B>> poll() {
    TaskResult<B> known = results.takeAhead();
    return Optional.ofNullable(known != null ? known : guarded(false, () -> takeNext(false)));
  }

  /**
   * Takes a message that was received, if it brings a result of this stream.
   *
   * @param message any message
   * @return whether it was one; {@link #poll} has more then, or knows the end
   * @throws CallFailed as {@link #iterator}
   */
  public boolean accept(Object message) {
    boolean ours = window.awaits(message);
    if (ours) {
      guarded(false, () -> settle((Response) message));
    }
    return ours;
  }

  /**
   * Whether all results have been taken, or the stream was closed.
   *
   * @return false if there may be more
   */
  public boolean isDone() {
    return closed && results.ahead == null;
  }

  // ---- the end

  /**
   * Kills what runs and waits until it has ended, and closes the source; nothing comes to the
   * mailbox afterwards. Closing twice does nothing more.
   */
  @Override
  public void close() {
    results.ahead = null;
    end(this::endGuard);
  }

  /**
   * Kills what runs without waiting for its end, and closes the source: for processes that must not
   * wait. What has come to the mailbox by then stays there; {@link #accept} says yes to it.
   */
  public void cancel() {
    results.ahead = null;
    end(
        process -> {
          window.requests().removeIf(self::abandon);
          self.send(process, StreamGuard.Done.DONE);
        });
  }

  private void end(Consumer<Pid> guardEnd) {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (guard != null) {
        guardEnd.accept(guard);
      }
    } finally {
      window.forgetResults();
      sourceEnd.run();
    }
  }

  private void endGuard(Pid process) {
    window.requests().forEach(self::abandon);
    while (self.receive(window::awaits, Duration.ZERO).isPresent()) {} // what had arrived
    window.requests().clear();
    try {
      self.call(process, StreamGuard.Close.CLOSE, null);
    } catch (CallFailed gone) {
      // With the guard the tasks have ended, too.
      assert !(gone.reason() instanceof ExitReason.TimedOut) : gone;
    }
  }

  // ---- the inside

  /** Whatever goes wrong, also in the source, ends the stream. */
  private @Nullable TaskResult<B> guarded(boolean mayWait, Supplier<@Nullable TaskResult<B>> step) {
    try {
      return step.get();
    } catch (Throwable thrown) {
      try {
        if (mayWait) {
          close();
        } else {
          cancel();
        }
      } catch (Throwable more) {
        if (!more.equals(thrown)) {
          thrown.addSuppressed(more);
        }
      }
      throw thrown;
    }
  }

  /** The next result; null at the end, or, without waiting, if it is not there. */
  private @Nullable TaskResult<B> takeNext(boolean wait) {
    while (!closed) {
      fill();
      TaskResult<B> result = window.take();
      if (result != null) {
        return result;
      }
      if (window.isSettled()) {
        end(process -> self.send(process, StreamGuard.Done.DONE));
      } else if (wait) {
        settle((Response) self.receive(window::awaits));
      } else {
        return null;
      }
    }
    return null;
  }

  private void fill() {
    while (!exhausted && window.hasRoom()) {
      Iterator<?> from = elements == null ? source.get() : elements;
      elements = from;
      if (from.hasNext()) {
        Object input = from.next();
        Pid to = guard == null ? guardStart.get() : guard;
        guard = to;
        window.add(self.sendRequest(to, new StreamGuard.Work(input)), input);
      } else {
        exhausted = true;
      }
    }
  }

  /**
   * Afterwards {@link StreamWindow#take} says whose turn it is; of a stream that ended, nobody's.
   */
  private @Nullable TaskResult<B> settle(Response response) {
    if (closed) {
      window.requests().remove(response.ref());
    } else {
      window.settle(response);
    }
    return null;
  }
}
