package io.coppice.kernel.process;

/**
 * The code of a process that blocks where it waits.
 *
 * <p>It may block in kernel operations and, with few exceptions, anywhere else (sleeps, locks,
 * sockets): only this process waits, never a scheduler (or for a millisecond or two, if the JVM was
 * started without the flags that {@link io.coppice.kernel.Node} names). Code that blocks inside
 * native frames (file reads, most embedded databases) belongs into {@link Context#blocking} or a
 * {@linkplain SpawnOptions#dedicatedThread() dedicated-thread process}.
 */
@FunctionalInterface
public interface ProcessBody {
  /**
   * Runs the process. Returning ends it with {@code normal}; throwing ends it with {@link
   * ExitReason.Crashed} (P3).
   *
   * @param self the operations of this process; to be used by its own code only
   * @throws Exception to end the process with that error
   */
  void run(Context self) throws Exception;
}
