package io.coppice.behaviours.channel;

import org.jspecify.annotations.Nullable;

/**
 * A {@link Channel} that was closed: nothing can be sent to it, or nothing is left in it to
 * receive. The cause is what {@link Channel#close(Throwable)} was given, if anything.
 */
public final class ChannelClosed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ChannelClosed(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
