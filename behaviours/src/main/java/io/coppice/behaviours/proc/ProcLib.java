package io.coppice.behaviours.proc;

import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.Spawned;
import io.coppice.supervisor.AlreadyStarted;
import io.coppice.supervisor.ChildSpec;
import io.coppice.supervisor.StartResult;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Starts processes and waits until they are ready (semantics section 8).
 *
 * {@snippet class="io.coppice.behaviours.proc.ProcLibTest" region="start"}
 *
 * <p>A process that just has to run is spawned, and all that OTP's {@code proc_lib} adds to spawned
 * processes every process has here: its ancestors and its initial call (PL1), and a {@link
 * io.coppice.kernel.process.CrashReport} if it ends abnormally (PL5). These functions are for those
 * whose starter needs to know that they have come up. For system messages see {@link SystemLoop}.
 */
public final class ProcLib {
  /*
   * Two ways, because of what is left of a start that fails:
   *
   * start, startLink: the kernel's start, the same as for behaviours. The request to start is the
   * first message; ack replies to it; a start that fails is not answered at all, and the kernel lets
   * the starter go when the process is dead, and takes away its Exit and its Down (PL3, G8).
   *
   * startMonitor: here the Down of a start that fails is to be delivered (PL4), so the starter waits
   * as OTP's does, for the ack as a message or for the Down. It finds the Down before others can
   * see it, so it sends it to itself once more. An ack that came in the moment of the time-out is
   * thrown away once the process is dead, when no other can follow.
   */
  private ProcLib() {}

  /** The request to start. */
  private enum Start {
    START;

    @Override
    public String toString() {
      return "start";
    }
  }

  /** The ack of a process started with a monitor. */
  private record Ack(Ref start, Object value) {}

  /**
   * Starts a process that nobody is linked with, and waits for its word, for ever.
   *
   * @param node where
   * @param body its code
   * @param <T> what it tells its starter
   * @return what came of it
   */
  public static <T> ProcStart<T> start(Processes node, StartedBody<T> body) {
    return start(node, body, SpawnOptions.DEFAULT, null);
  }

  /**
   * Starts a process that nobody is linked with, and waits for its word (PL2).
   *
   * @param node where
   * @param body its code
   * @param options how, without link and monitor
   * @param timeout how long to wait before it is killed and the start fails with {@code timeout};
   *     null for ever
   * @param <T> what it tells its starter
   * @return what came of it
   * @throws IllegalArgumentException if the options link or monitor (G10)
   */
  public static <T> ProcStart<T> start(
      Processes node, StartedBody<T> body, SpawnOptions options, @Nullable Duration timeout) {
    return begin(node, body, checked(options), timeout);
  }

  /**
   * Starts a process linked with the calling process, and waits for its word (PL2). If the calling
   * process does not trap exits, a start that fails abnormally kills it (G7).
   *
   * @param self the calling process
   * @param body its code
   * @param options how, without link and monitor
   * @param timeout as for {@link #start(Processes, StartedBody, SpawnOptions, Duration)}
   * @param <T> what it tells its starter
   * @return what came of it
   * @throws IllegalArgumentException if the options link or monitor (G10)
   */
  public static <T> ProcStart<T> startLink(
      Context self, StartedBody<T> body, SpawnOptions options, @Nullable Duration timeout) {
    return begin(self, body, checked(options).link(), timeout);
  }

  /**
   * Starts a process monitored by the calling process, and waits for its word. If the start fails,
   * the {@code Down} is in the mailbox of the calling process all the same (PL4).
   *
   * @param self the calling process
   * @param body its code
   * @param options how, without link and monitor
   * @param timeout as for {@link #start(Processes, StartedBody, SpawnOptions, Duration)}
   * @param <T> what it tells its starter
   * @return what came of it
   * @throws IllegalArgumentException if the options link or monitor (G10)
   */
  @SuppressWarnings("unchecked") // its ack is a T
  public static <T> ProcStart<T> startMonitor(
      Context self, StartedBody<T> body, SpawnOptions options, @Nullable Duration timeout) {
    Ref id = Ref.create();
    Pid starter = self.pid();
    AtomicReference<@Nullable Starting<T>> starting = new AtomicReference<>();
    Spawned spawned;
    try {
      spawned =
          self.spawnMonitor(
              own -> {
                Starting<T> start =
                    new Starting<>(
                        value -> {
                          own.send(starter, new Ack(id, value));
                          return true;
                        });
                starting.set(start);
                body.run(own, start);
              },
              named(checked(options), body));
    } catch (NameTaken taken) {
      return new ProcStart.AlreadyStarted<>(taken.holder());
    }
    Ref monitor = spawned.monitor();
    Optional<Object> word =
        timeout == null
            ? Optional.of(self.receive(m -> isWord(m, id, monitor)))
            : self.receive(m -> isWord(m, id, monitor), timeout);
    if (word.isPresent() && word.get() instanceof Ack ack) {
      return new ProcStart.Started<>((T) ack.value(), spawned.pid(), monitor);
    }
    if (word.isEmpty()) {
      self.exit(spawned.pid(), ExitReason.KILL);
    }
    Down down = (Down) word.orElseGet(() -> self.receive(m -> isDown(m, monitor)));
    boolean _ = self.receive(m -> isWord(m, id, monitor), Duration.ZERO).isPresent();
    self.send(starter, down);
    Starting<T> start = starting.get();
    ExitReason told = start == null ? null : start.told();
    ExitReason reason = word.isEmpty() ? ExitReason.TIMEOUT : told == null ? down.reason() : told;
    return new ProcStart.Failed<>(reason, monitor);
  }

  /**
   * Such a process as the child of a supervisor, which goes on to the next child when it is up.
   *
   * @param id its id within the supervisor
   * @param body its code
   * @return a permanent worker
   */
  public static ChildSpec child(String id, StartedBody<?> body) {
    return ChildSpec.starting(
        id, supervisor -> asChild(startLink(supervisor, body, SpawnOptions.DEFAULT, null)));
  }

  private static StartResult asChild(ProcStart<?> start) {
    return switch (start) {
      case ProcStart.Started<?> started -> StartResult.ok(started.pid());
      case ProcStart.Failed<?> failed -> StartResult.failed(failed.reason());
      case ProcStart.AlreadyStarted<?>(Pid holder) ->
          StartResult.failed(new AlreadyStarted(holder).asReason());
    };
  }

  private static SpawnOptions checked(SpawnOptions options) {
    if (options.linked() || options.monitored()) {
      throw new IllegalArgumentException(
          options + " links or monitors: use startLink or startMonitor instead");
    }
    return options;
  }

  private static SpawnOptions named(SpawnOptions options, StartedBody<?> body) {
    return options.initialCall() == null ? options.initialCall(body.getClass().getName()) : options;
  }

  private static boolean isWord(Object message, Ref id, Ref monitor) {
    return (message instanceof Ack ack && ack.start().equals(id)) || isDown(message, monitor);
  }

  private static boolean isDown(Object message, Ref monitor) {
    return message instanceof Down down && down.ref().equals(monitor);
  }

  @SuppressWarnings("unchecked") // the reply is the ack, a T
  private static <T> ProcStart<T> begin(
      Processes node, StartedBody<T> body, SpawnOptions options, @Nullable Duration timeout) {
    StartedProcess<T> process = new StartedProcess<>(body);
    try {
      var started = node.start(process, named(options, body), Start.START, timeout);
      Object value = Objects.requireNonNull(started.answer(), "ack refuses null");
      return new ProcStart.Started<>((T) value, started.pid(), null);
    } catch (NameTaken taken) {
      return new ProcStart.AlreadyStarted<>(taken.holder());
    } catch (CallFailed failed) {
      ExitReason told = process.told();
      return new ProcStart.Failed<>(told == null ? failed.reason() : told, null);
    }
  }
}
