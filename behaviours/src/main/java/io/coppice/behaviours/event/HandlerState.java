package io.coppice.behaviours.event;

/**
 * A handler and its state: {@code Sys.getState} of an event manager gives a list of them, newest
 * first, and {@code Sys.replaceState} gets and returns one for each handler (semantics GE13).
 *
 * @param id which handler
 * @param state its state
 */
public record HandlerState(HandlerId<?> id, Object state) {}
