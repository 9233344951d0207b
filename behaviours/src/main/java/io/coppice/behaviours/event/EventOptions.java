package io.coppice.behaviours.event;

import io.coppice.kernel.process.SpawnOptions;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How to start an event manager. Immutable; each method returns a changed copy.
 *
 * @param name the name to register it under (G3), or null (default)
 * @param startTimeout how long its start may take before the process is killed (G8), or null for
 *     ever (default)
 * @param hibernateAfter how long it is idle before it rests (GS13), or null for never (default)
 * @param logSize how many events {@code Sys.log} keeps from the start on (SY9), 0 for none
 *     (default)
 * @param spawn how the process is spawned otherwise: no name, no link, no monitor here
 */
public record EventOptions(
    @Nullable String name,
    @Nullable Duration startTimeout,
    @Nullable Duration hibernateAfter,
    int logSize,
    SpawnOptions spawn) {
  /** The default: no name, no limits, no log. */
  public static final EventOptions DEFAULT =
      new EventOptions(null, null, null, 0, SpawnOptions.DEFAULT);

  /** Refuses a negative log, and spawn options that the way of starting decides (G10). */
  public EventOptions {
    if (logSize < 0) {
      throw new IllegalArgumentException("cannot keep " + logSize + " events");
    }
    if (spawn.name() != null || spawn.linked() || spawn.monitored()) {
      throw new IllegalArgumentException(
          spawn
              + " names, links or monitors: use EventOptions.name, startLink or startMonitor"
              + " instead");
    }
  }

  /**
   * The default under a name.
   *
   * @param name a name, or null for none
   * @return the options
   */
  public static EventOptions named(@Nullable String name) {
    return DEFAULT.name(name);
  }

  /**
   * Registers the event manager under a name.
   *
   * @param value the name, or null for none
   * @return a changed copy
   */
  public EventOptions name(@Nullable String value) {
    return new EventOptions(value, startTimeout, hibernateAfter, logSize, spawn);
  }

  /**
   * Limits the time of the start.
   *
   * @param limit the time after which the process is killed and the start fails with {@code
   *     timeout}
   * @return a changed copy
   */
  public EventOptions startTimeout(Duration limit) {
    return new EventOptions(name, Objects.requireNonNull(limit), hibernateAfter, logSize, spawn);
  }

  /**
   * Lets the event manager rest when it is idle.
   *
   * @param idle how long no message must have come
   * @return a changed copy
   */
  public EventOptions hibernateAfter(Duration idle) {
    return new EventOptions(name, startTimeout, Objects.requireNonNull(idle), logSize, spawn);
  }

  /**
   * Keeps the last events from the start on, as {@code Sys.log} does.
   *
   * @param size how many, 0 for none
   * @return a changed copy
   */
  public EventOptions log(int size) {
    return new EventOptions(name, startTimeout, hibernateAfter, size, spawn);
  }

  /**
   * Spawns the process in another way, for instance on a thread of its own.
   *
   * @param options without name, link and monitor
   * @return a changed copy
   */
  public EventOptions spawn(SpawnOptions options) {
    return new EventOptions(name, startTimeout, hibernateAfter, logSize, options);
  }

  SpawnOptions toSpawn() {
    return name == null ? spawn : spawn.name(name);
  }
}
