package io.coppice.behaviours.statem;

import io.coppice.kernel.process.SpawnOptions;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How to start a state machine. Immutable; each method returns a changed copy.
 *
 * @param name the name to register it under before {@code init} runs (G3), or null (default)
 * @param initTimeout how long {@code init} may take before the process is killed (G8), or null for
 *     ever (default)
 * @param hibernateAfter how long it is idle before it rests (SM42), or null for never (default)
 * @param spawn how the process is spawned otherwise: no name, no link, no monitor here
 */
public record StatemOptions(
    @Nullable String name,
    @Nullable Duration initTimeout,
    @Nullable Duration hibernateAfter,
    SpawnOptions spawn) {
  /** The default: no name, no limits. */
  public static final StatemOptions DEFAULT =
      new StatemOptions(null, null, null, SpawnOptions.DEFAULT);

  /** Refuses spawn options that the way of starting decides (G10). */
  public StatemOptions {
    if (spawn.name() != null || spawn.linked() || spawn.monitored()) {
      throw new IllegalArgumentException(
          spawn
              + " names, links or monitors: use StatemOptions.name, startLink or startMonitor"
              + " instead");
    }
  }

  /**
   * The default under a name.
   *
   * @param name a name, or null for none
   * @return the options
   */
  public static StatemOptions named(@Nullable String name) {
    return DEFAULT.name(name);
  }

  /**
   * Registers the machine under a name.
   *
   * @param value the name, or null for none
   * @return a changed copy
   */
  public StatemOptions name(@Nullable String value) {
    return new StatemOptions(value, initTimeout, hibernateAfter, spawn);
  }

  /**
   * Limits the time of {@code init}.
   *
   * @param limit the time after which the process is killed and the start fails with {@code
   *     timeout}
   * @return a changed copy
   */
  public StatemOptions initTimeout(Duration limit) {
    return new StatemOptions(name, Objects.requireNonNull(limit), hibernateAfter, spawn);
  }

  /**
   * Lets the machine rest when it is idle.
   *
   * @param idle how long no message must have come
   * @return a changed copy
   */
  public StatemOptions hibernateAfter(Duration idle) {
    return new StatemOptions(name, initTimeout, Objects.requireNonNull(idle), spawn);
  }

  /**
   * Spawns the process in another way, for instance under a name in a registry of one's own.
   *
   * @param options without name, link and monitor
   * @return a changed copy
   */
  public StatemOptions spawn(SpawnOptions options) {
    return new StatemOptions(name, initTimeout, hibernateAfter, options);
  }

  SpawnOptions toSpawn() {
    return name == null ? spawn : spawn.name(name);
  }
}
