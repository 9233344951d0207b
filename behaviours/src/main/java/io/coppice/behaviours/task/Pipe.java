package io.coppice.behaviours.task;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessExit;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Undelivered;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a {@link CompletionStage} comes to into a message, so that a process can await a
 * future beside everything else (Akka's {@code pipeToSelf}).
 *
 * {@snippet class="io.coppice.behaviours.task.PipeTest" region="pipe"}
 */
public final class Pipe {
  private Pipe() {}

  /**
   * Sends one message to the process when the stage is completed, or at once if it is. If the
   * process has ended by then, the message counts as {@link Undelivered}, as any other.
   *
   * <p>Both functions run on the thread that completes the stage, so they must be short and must
   * not use {@code self}; best they only wrap their argument. If {@code success} throws, that is
   * taken for the failure; if {@code failure} throws, or the mailbox is full and refuses the
   * message, a {@link PipeBroken} is reported, since then the process learns nothing.
   *
   * @param self the process that calls
   * @param stage what is under way
   * @param success makes the message of its result, immutable
   * @param failure makes the message of what it failed with, without the {@link
   *     CompletionException} around it
   * @param <T> the type of the result
   */
  public static <T extends @Nullable Object> void toSelf(
      Context self,
      CompletionStage<T> stage,
      Function<? super T, ?> success,
      Function<? super Throwable, ?> failure) {
    Processes node = self.node();
    Pid to = self.pid();
    CompletionStage<?> _ =
        stage.handle(
            (value, thrown) -> {
              deliver(node, to, () -> message(value, thrown, success, failure));
              return to;
            });
  }

  private static void deliver(Processes node, Pid to, Supplier<Object> making) {
    try {
      Object message = making.get();
      try {
        node.send(to, message);
      } catch (ProcessExit dying) {
        // Of the process that has completed the stage; the stage is completed nonetheless.
        CompletableFuture<?> _ = CompletableFuture.runAsync(() -> deliver(node, to, () -> message));
      }
    } catch (Throwable broken) { // MailboxFull among others
      node.report(new PipeBroken(to, broken));
    }
  }

  private static <T extends @Nullable Object> Object message(
      T value,
      @Nullable Throwable thrown,
      Function<? super T, ?> success,
      Function<? super Throwable, ?> failure) {
    Throwable failed = thrown;
    if (failed == null) {
      try {
        return Objects.requireNonNull(success.apply(value), "the message of the result");
      } catch (Throwable unmade) {
        failed = unmade;
      }
    }
    Throwable cause = failed.getCause();
    Throwable bare = failed instanceof CompletionException && cause != null ? cause : failed;
    return Objects.requireNonNull(failure.apply(bare), "the message of the failure");
  }
}
