package io.coppice.kernel.process;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A place where the process or thread that made it waits for one value, which passes its mailbox
 * by: what channels and other ways to wait are made of. Made by {@link Processes#handoff}.
 *
 * <p>It is settled once. If {@link #offer} has returned true, the value reaches who waits: {@link
 * #await} returns it, or, if the wait has ended by an exception (the process was told to die),
 * {@link #withdraw} does, so that it can be passed on.
 *
 * @param <T> the value
 */
public interface Handoff<T> {
  /**
   * Hands over the value. Any thread may, and it never waits.
   *
   * @param value an immutable object
   * @return false if another value was first, or nobody waits any more: nothing has happened
   */
  boolean offer(T value);

  /**
   * Waits for the value. Only who made this may.
   *
   * @param timeout how long, zero or more, or null for ever
   * @return the value; or empty if the time is over: then nobody can hand over any more
   * @throws IllegalStateException if somebody else has made this, or if the process is one that
   *     never waits
   * @throws ProcessExit if the process has been told to die; see {@link #withdraw}
   */
  Optional<T> await(@Nullable Duration timeout);

  /**
   * Gives the place up. Never waits and never throws, so that it may stand in a {@code finally}.
   *
   * @return the value, if it was handed over before; else empty, and nobody can any more
   */
  Optional<T> withdraw();
}
