package io.coppice.behaviours.event;

/**
 * The term of the reason with which a request fails that names a handler the event manager does not
 * have (semantics GE8: {@code bad_module}, {@code module_not_found}).
 *
 * @param handler who was named
 */
public record NoHandler(HandlerId<?> handler) {
  @Override
  public String toString() {
    return "the event manager has no handler " + handler;
  }
}
