/**
 * GenStatem: a process that is a state machine. What a message leads to depends on the state it is
 * in; messages that do not suit the state wait until it changes, and states have times of their
 * own.
 *
 * <p>For those who know {@code gen_statem}: its results are the methods of {@link
 * io.coppice.behaviours.statem.Transition}, its actions those of {@link
 * io.coppice.behaviours.statem.Action}, under their old names. What is spelled otherwise:
 *
 * <dl>
 *   <dt>{@code state_functions}
 *   <dd>{@link io.coppice.behaviours.statem.GenStatem#stateFunction}, a {@code switch} that gives a
 *       method reference for each state; states are enums or records instead of atoms
 *   <dt>the event type {@code enter}
 *   <dd>callbacks of its own ({@link io.coppice.behaviours.statem.GenStatem#handleEnter}), whose
 *       results cannot change the state, postpone, or insert events
 *   <dt>{@code {{timeout, Name}, T, C}}, {@code {timeout, T, C}}, {@code {state_timeout, T, C}}
 *   <dd>{@code Action.timeout(name, t, c)}, {@code Action.eventTimeout(t, c)}, {@code
 *       Action.stateTimeout(t, c)}; null is {@code infinity}
 *   <dt>{@code {abs, true}}, {@code cancel}, {@code update}
 *   <dd>{@code Action.timeoutAt}, {@code cancelTimeout}, {@code updateTimeout}, with a {@link
 *       io.coppice.behaviours.statem.TimeoutType}
 *   <dt>a thrown result
 *   <dd>{@code throw new ControlThrow(result)}
 *   <dt>{@code bad_return_from_state_function} and the like
 *   <dd>the {@link io.coppice.behaviours.statem.BadTransition} in the exit reason
 * </dl>
 */
package io.coppice.behaviours.statem;
