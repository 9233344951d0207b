package io.coppice.supervisor;

import io.coppice.kernel.process.Context;

/** A start that needs two arguments, the extra one first. */
record TwofoldStart<E, A>(Class<E> extraType, Class<A> type, ExtendedStart<E, A> start)
    implements ChildStart {
  @Override
  public StartResult start(Context supervisor) {
    throw new IllegalArgumentException(
        "The child was to be started without arguments, but takes a "
            + extraType.getSimpleName()
            + " and a "
            + type.getSimpleName()
            + "; start it under a dynamic supervisor with an extraArgument(…), by"
            + " startChildWith(…).");
  }

  @Override
  public ChildStart with(Object extra) {
    E first = TypedStart.checked(extraType, extra);
    return new TypedStart<>(type, (supervisor, own) -> start.start(supervisor, first, own));
  }
}
