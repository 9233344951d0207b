package io.coppice.supervisor;

import io.coppice.kernel.process.Context;
import org.jspecify.annotations.Nullable;

/**
 * The template of a {@link DynamicSupervisor}: none, since each child brings its specification
 * along. What it adds to them is the extra argument (semantics DS1).
 */
record DynamicTemplate(@Nullable Object extra) implements ChildStart {
  static final String ID = "dynamic";

  /** What a child is asked for with: a specification, and the child's own argument or null. */
  record Wanted(ChildSpec spec, @Nullable Object argument) {
    @Override
    public String toString() {
      return argument == null ? spec.toString() : spec + " with " + argument;
    }
  }

  /** A child's start that gets the extra argument first. */
  private record Extended(ChildStart start, Object extra) implements ChildStart {
    @Override
    public StartResult start(Context supervisor) throws Exception {
      return start.with(extra).start(supervisor);
    }

    @Override
    public ChildStart with(Object argument) {
      return start.with(extra).with(argument);
    }
  }

  /** The specification with this template's extra argument in place of any other's. */
  ChildSpec extend(ChildSpec spec) {
    ChildStart own = spec.start() instanceof Extended(ChildStart start, _) ? start : spec.start();
    if (extra == null) {
      return own.equals(spec.start()) ? spec : spec.withStart(own);
    }
    return spec.withStart(new Extended(own, extra));
  }

  @Override
  public StartResult start(Context supervisor) {
    throw noTemplate();
  }

  @Override
  public ChildStart with(Object argument) {
    throw noTemplate();
  }

  private static IllegalArgumentException noTemplate() {
    return new IllegalArgumentException(
        "The children of a dynamic supervisor have no template: each is started with a"
            + " specification of its own; use startChild(spec).");
  }
}
