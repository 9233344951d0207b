package io.coppice.supervisor;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;

/** A start that needs an argument of one type. */
record TypedStart<A>(Class<A> type, ArgumentStart<A> start) implements ChildStart {
  @Override
  public StartResult start(Context supervisor) {
    return StartResult.failed(
        ExitReason.crashed(
            new IllegalArgumentException(
                "The child was to be started without an argument, but takes a "
                    + type.getSimpleName()
                    + "; use startChildWith(…).")));
  }

  @Override
  public ChildStart with(Object argument) {
    A typed = checked(type, argument);
    return supervisor -> start.start(supervisor, typed);
  }

  /** The argument as what it must be. */
  static <T> T checked(Class<T> type, Object argument) {
    if (!type.isInstance(argument)) {
      throw new IllegalArgumentException(
          "The child takes a "
              + type.getSimpleName()
              + ", but was to be started with the "
              + argument.getClass().getSimpleName()
              + " "
              + argument
              + ".");
    }
    return type.cast(argument);
  }
}
