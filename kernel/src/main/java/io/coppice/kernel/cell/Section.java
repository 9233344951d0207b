package io.coppice.kernel.cell;

import io.coppice.kernel.process.WaitReason;
import org.jspecify.annotations.Nullable;

/**
 * Code of a process that runs on a {@link SectionThread} while the process waits for it; for those
 * who look.
 */
final class Section {
  final WaitReason reason;
  final long sinceNanos;
  private volatile @Nullable Thread thread;

  Section(WaitReason reason, long sinceNanos) {
    this.reason = reason;
    this.sinceNanos = sinceNanos;
  }

  /** By its thread, which begins or has come to the end; null for the latter. */
  void runsOn(@Nullable Thread value) {
    thread = value;
  }

  /** Null while it waits for a thread, and when its process runs it itself. */
  @Nullable Thread thread() {
    return thread;
  }
}
