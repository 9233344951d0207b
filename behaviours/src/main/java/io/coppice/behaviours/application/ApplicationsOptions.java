package io.coppice.behaviours.application;

import io.coppice.kernel.process.ExitReason;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How the applications of a node are looked after. Immutable; each method returns a changed copy.
 *
 * @param specs what can be loaded by name; default nothing, see {@link Applications#define}
 * @param configuration the settings from files; default none
 * @param commandLine the settings that go over all others; default none
 * @param shutdownTimeout how long all applications together may take to stop when the node ends,
 *     before the rest is killed, or null for ever; default 30 s. A node that closes has its own
 *     limit besides, {@code NodeOptions.shutdownTime}.
 * @param beforeStop called before the applications are stopped because the node ends ({@code
 *     shutdown_func}), with {@code shutdown} or what an application ended with; default nothing
 * @param atEnd what happens when an application has let down the node; default {@link
 *     EndOfNode#nothingMore()}
 */
public record ApplicationsOptions(
    List<ApplicationSpec> specs,
    Configuration configuration,
    Configuration commandLine,
    @Nullable Duration shutdownTimeout,
    Consumer<ExitReason> beforeStop,
    EndOfNode atEnd) {
  /** The default. */
  public static final ApplicationsOptions DEFAULT =
      new ApplicationsOptions(
          List.of(),
          Configuration.NONE,
          Configuration.NONE,
          Duration.ofSeconds(30),
          _ -> {},
          EndOfNode.nothingMore());

  /** Refuses null and negative times. */
  public ApplicationsOptions {
    specs = List.copyOf(specs);
    Objects.requireNonNull(configuration, "configuration");
    Objects.requireNonNull(commandLine, "commandLine");
    Objects.requireNonNull(beforeStop, "beforeStop");
    Objects.requireNonNull(atEnd, "atEnd");
    if (shutdownTimeout != null && shutdownTimeout.isNegative()) {
      throw new IllegalArgumentException(
          "The time for applications to stop is "
              + shutdownTimeout
              + ", but it cannot be negative");
    }
  }

  /**
   * Says what can be loaded by name.
   *
   * @param value the specifications
   * @return a changed copy
   */
  public ApplicationsOptions specs(ApplicationSpec... value) {
    return new ApplicationsOptions(
        List.of(value), configuration, commandLine, shutdownTimeout, beforeStop, atEnd);
  }

  /**
   * Gives settings from files.
   *
   * @param value the settings
   * @return a changed copy
   */
  public ApplicationsOptions configuration(Configuration value) {
    return new ApplicationsOptions(specs, value, commandLine, shutdownTimeout, beforeStop, atEnd);
  }

  /**
   * Gives settings that go over all others, for instance {@code
   * Configuration.of(System.getProperties(), "coppice.app.")}.
   *
   * @param value the settings
   * @return a changed copy
   */
  public ApplicationsOptions commandLine(Configuration value) {
    return new ApplicationsOptions(specs, configuration, value, shutdownTimeout, beforeStop, atEnd);
  }

  /**
   * Limits how long all applications together may take to stop when the node ends.
   *
   * @param value zero or more, or null for ever
   * @return a changed copy
   */
  public ApplicationsOptions shutdownTimeout(@Nullable Duration value) {
    return new ApplicationsOptions(specs, configuration, commandLine, value, beforeStop, atEnd);
  }

  /**
   * Has something done before the applications are stopped because the node ends.
   *
   * @param value runs in the controller's process, and should be short; what it throws is reported
   * @return a changed copy
   */
  public ApplicationsOptions beforeStop(Consumer<ExitReason> value) {
    return new ApplicationsOptions(
        specs, configuration, commandLine, shutdownTimeout, value, atEnd);
  }

  /**
   * Says what happens when an application has let down the node.
   *
   * @param value the policy
   * @return a changed copy
   */
  public ApplicationsOptions atEnd(EndOfNode value) {
    return new ApplicationsOptions(
        specs, configuration, commandLine, shutdownTimeout, beforeStop, value);
  }
}
