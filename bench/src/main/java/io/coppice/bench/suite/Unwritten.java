package io.coppice.bench.suite;

import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Reactive;

/** A reactive process that has ended, or gone on by itself, before anybody could write to it. */
interface Unwritten extends Reactive {
  @Override
  void onStart(Context self);

  @Override
  default void onMessage(Context self, Object message) {
    throw new IllegalStateException("nobody should write to this process: " + message);
  }
}
