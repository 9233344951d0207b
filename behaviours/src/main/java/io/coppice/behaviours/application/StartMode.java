package io.coppice.behaviours.application;

/** How {@link Applications#ensureAllStarted} goes through what is to be started (semantics AP3). */
public enum StartMode {
  /** One after another. The default. */
  SERIAL,
  /** At the same time what does not need each other. */
  CONCURRENT
}
