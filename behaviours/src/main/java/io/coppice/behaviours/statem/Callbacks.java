package io.coppice.behaviours.statem;

import io.coppice.behaviours.ControlThrow;
import io.coppice.behaviours.statem.BadTransition.Problem;
import io.coppice.behaviours.statem.CallbackMode.Style;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.ProcessExit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The callback modules of a machine: those in force, and those they were pushed upon (semantics
 * SM41). Used by its process only, but for {@link #name} and {@link #isEmpty}.
 */
final class Callbacks<M, S, D> {
  private final ArrayDeque<GenStatem<M, S, D>> below = new ArrayDeque<>(1);
  private @Nullable GenStatem<M, S, D> current;
  private CallbackMode mode = CallbackMode.HANDLE_EVENT;

  /** Puts a module in the place of the one in force, if there is one. */
  void replace(GenStatem<M, S, D> module) {
    mode = modeOf(module);
    current = module;
  }

  void push(GenStatem<M, S, D> module) {
    GenStatem<M, S, D> under = current();
    replace(module);
    below.addFirst(under);
  }

  /** Whether there is a module to go back to. */
  boolean isPushed() {
    return !below.isEmpty();
  }

  void pop() {
    replace(below.removeFirst());
  }

  private CallbackMode modeOf(GenStatem<M, S, D> module) {
    Object given;
    try {
      given = module.callbackMode();
    } catch (ControlThrow thrown) {
      given = thrown.result();
    }
    if (given instanceof CallbackMode good) {
      return good;
    }
    String callback = nameOf(module) + ".callbackMode";
    throw new ProcessExit(
        ExitReason.of(
            new BadTransition(Problem.BAD_RETURN_FROM_CALLBACK_MODE, given, callback, null, null)));
  }

  // ---- calls

  @Nullable Object event(Event<M> event, S state, D data) throws Exception {
    try {
      return mode.style() == Style.HANDLE_EVENT
          ? current().handleEvent(event, state, data)
          : function(state).handle(event, data);
    } catch (ControlThrow thrown) {
      return thrown.result();
    }
  }

  @Nullable Object enter(S oldState, S state, D data) throws Exception {
    try {
      return mode.style() == Style.HANDLE_EVENT
          ? current().handleEnter(oldState, state, data)
          : function(state).enter(oldState, data);
    } catch (ControlThrow thrown) {
      return thrown.result();
    }
  }

  private StateFunction<M, S, D> function(S state) {
    return Objects.requireNonNull(
        current().stateFunction(state),
        () -> name() + ".stateFunction returned null for the state " + state);
  }

  /** Whether enter calls are made. */
  boolean stateEnter() {
    return mode.stateEnter();
  }

  // ---- what is shown

  GenStatem<M, S, D> current() {
    return Objects.requireNonNull(current, "init has not run");
  }

  boolean isEmpty() {
    return current == null;
  }

  CallbackMode mode() {
    return mode;
  }

  String name() {
    return nameOf(current());
  }

  /** What a bad value of a handler is said to come from. */
  String handler(boolean entering) {
    String style =
        switch (mode.style()) {
          case HANDLE_EVENT -> entering ? ".handleEnter" : ".handleEvent";
          case STATE_FUNCTIONS -> entering ? ".stateFunction.enter" : ".stateFunction";
        };
    return name() + style;
  }

  List<String> names() {
    List<String> names = new ArrayList<>();
    if (current != null) {
      names.add(nameOf(current));
    }
    below.forEach(module -> names.add(nameOf(module)));
    return List.copyOf(names);
  }

  private static String nameOf(GenStatem<?, ?, ?> module) {
    return module.getClass().getName();
  }
}
