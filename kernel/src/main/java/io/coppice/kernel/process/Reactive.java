package io.coppice.kernel.process;

/**
 * The code of a process that is driven by its messages: the cheapest form, a state machine without
 * a stack of its own between messages.
 *
 * <p>Handlers run to completion, one after another, never two at the same time. A handler may block
 * like a {@link ProcessBody}; it then costs what a blocking process costs, for that long.
 */
@FunctionalInterface
public interface Reactive {
  /**
   * Called once, before the first message.
   *
   * @param self the operations of this process
   * @throws Exception to end the process with that error
   */
  default void onStart(Context self) throws Exception {}

  /**
   * Handles one message. {@link Context#stop} ends the process after this handler.
   *
   * @param self the operations of this process
   * @param message what was sent; {@link Exit}, {@link Down}, {@link Timeout} and {@link Request}
   *     come this way too
   * @throws Exception to end the process with that error
   */
  void onMessage(Context self, Object message) throws Exception;

  /**
   * What the process is doing, for the inspection tools ({@link ProcessInfo#state}); called by
   * other threads at any time, so it must not block, and may only read what may be read so.
   *
   * @return a few words, for instance the name of the callback class, or how far it is; what else
   *     there is to say on further lines, two at most
   */
  default String describe() {
    return getClass().getName();
  }
}
