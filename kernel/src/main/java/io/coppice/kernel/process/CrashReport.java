package io.coppice.kernel.process;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A process ended abnormally by its own doing (semantics PL5). Level ERROR.
 *
 * <p>Values of the user's are in it as they are, and become text on the thread of the {@link
 * Reporter}. What it costs to make one does not depend on how much the process has. When the heap
 * is full, {@code process} has neither ancestors nor relations, and the lists are empty.
 *
 * @param process the process as it was when it ended: status {@code RUNNING}, {@code handling} what
 *     it was at or had received last, no timers any more; neither {@code state} nor {@code thread}
 * @param reason its exit reason
 * @param messages the oldest messages that it had not received, at most {@value #LISTED}
 * @param dictionary some of its dictionary, at most {@value #LISTED} entries
 * @param neighbours those of the processes in {@code process.related().links()} that do not trap
 *     exits, at most {@value #LISTED}, as they were then; without {@code state} and {@code thread},
 *     and without relations if those could not be had at once
 */
public record CrashReport(
    ProcessInfo process,
    ExitReason reason,
    List<Object> messages,
    List<Map.Entry<Object, Object>> dictionary,
    List<ProcessInfo> neighbours)
    implements Report {
  /** The most entries in each of the lists of its own. */
  public static final int LISTED = 10;

  /** Copies the lists. */
  public CrashReport {
    messages = List.copyOf(messages);
    dictionary = List.copyOf(dictionary);
    neighbours = List.copyOf(neighbours);
  }

  /**
   * The process.
   *
   * @return its pid
   */
  public Pid pid() {
    return process.pid();
  }

  /**
   * The name it had.
   *
   * @return its registered name at the time, or null
   */
  public @Nullable String name() {
    return process.name();
  }

  /**
   * Its label.
   *
   * @return what it was labelled with last, or null
   */
  public @Nullable Object label() {
    return process.label();
  }

  /**
   * Its code.
   *
   * @return what it was started as
   */
  public String initialCall() {
    return process.initialCall();
  }

  /**
   * Its parent, that one's parent, and so on.
   *
   * @return the nearest {@value ProcessInfo#LISTED} at most
   */
  public List<Pid> ancestors() {
    return process.ancestors();
  }

  /**
   * Messages that it had not received.
   *
   * @return their number, estimated
   */
  public int queueLength() {
    return process.queueLength();
  }

  /**
   * Whether it trapped exits.
   *
   * @return false if exits of linked processes would have ended it
   */
  public boolean trapExit() {
    return process.trapExit();
  }

  @Override
  public Level level() {
    return Level.ERROR;
  }

  @Override
  public String text() {
    return new CrashText(this).toString();
  }
}
