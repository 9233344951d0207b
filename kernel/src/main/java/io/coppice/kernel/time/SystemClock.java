package io.coppice.kernel.time;

/** The clock of the JVM, and the only caller of {@link System#nanoTime}. */
public enum SystemClock implements MonotonicClock {
  INSTANCE;

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }
}
