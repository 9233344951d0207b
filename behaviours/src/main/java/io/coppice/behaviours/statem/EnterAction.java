package io.coppice.behaviours.statem;

/**
 * An {@link Action} that may also be given with the result of an enter call (semantics SM30). Made
 * by the methods of {@link Action}.
 */
public sealed interface EnterAction extends Action
    permits Action.Reply, Action.Hibernate, TimeoutAction {}
