package io.coppice.behaviours.server;

import io.coppice.kernel.process.SpawnOptions;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How to start a server. Immutable; each method returns a changed copy.
 *
 * @param name the name to register it under before {@code init} runs (G3), or null (default)
 * @param initTimeout how long {@code init} may take before the process is killed (G8), or null for
 *     ever (default)
 * @param hibernateAfter how long it is idle before it rests (GS13), or null for never (default)
 * @param spawn how the process is spawned otherwise: no name, no link, no monitor here
 */
public record ServerOptions(
    @Nullable String name,
    @Nullable Duration initTimeout,
    @Nullable Duration hibernateAfter,
    SpawnOptions spawn) {
  /** The default: no name, no limits. */
  public static final ServerOptions DEFAULT =
      new ServerOptions(null, null, null, SpawnOptions.DEFAULT);

  /** Refuses spawn options that the way of starting decides (G10). */
  public ServerOptions {
    if (spawn.name() != null || spawn.linked() || spawn.monitored()) {
      throw new IllegalArgumentException(
          spawn
              + " names, links or monitors: use ServerOptions.name, startLink or startMonitor"
              + " instead");
    }
  }

  /**
   * The default under a name.
   *
   * @param name a name, or null for none (AG2)
   * @return the options
   */
  public static ServerOptions named(@Nullable String name) {
    return DEFAULT.name(name);
  }

  /**
   * Registers the server under a name.
   *
   * @param value the name, or null for none
   * @return a changed copy
   */
  public ServerOptions name(@Nullable String value) {
    return new ServerOptions(value, initTimeout, hibernateAfter, spawn);
  }

  /**
   * Limits the time of {@code init}.
   *
   * @param limit the time after which the process is killed and the start fails with {@code
   *     timeout}
   * @return a changed copy
   */
  public ServerOptions initTimeout(Duration limit) {
    return new ServerOptions(name, Objects.requireNonNull(limit), hibernateAfter, spawn);
  }

  /**
   * Lets the server rest when it is idle.
   *
   * @param idle how long no message must have come, while no timeout is set
   * @return a changed copy
   */
  public ServerOptions hibernateAfter(Duration idle) {
    return new ServerOptions(name, initTimeout, Objects.requireNonNull(idle), spawn);
  }

  /**
   * Spawns the process in another way, for instance on a thread of its own.
   *
   * @param options without name, link and monitor
   * @return a changed copy
   */
  public ServerOptions spawn(SpawnOptions options) {
    return new ServerOptions(name, initTimeout, hibernateAfter, options);
  }

  SpawnOptions toSpawn() {
    return name == null ? spawn : spawn.name(name);
  }
}
