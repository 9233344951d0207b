package io.coppice.kernel.cell;

/** What is done at the end of a process, in this order, if there is something to do. */
enum EndStep {
  GRACE(true),
  NAME(true),
  TIMERS(true),
  ROOM(true),
  REPORT(false),
  TAKEN(true),
  QUEUED(true),
  REQUESTS(true),
  ANNOUNCE(true),
  RECORD(false),
  TABLE(false);

  /** Somebody waits for it: without memory it is tried again. */
  final boolean isOwed;

  EndStep(boolean isOwed) {
    this.isOwed = isOwed;
  }
}
