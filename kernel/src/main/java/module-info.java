/** Processes, mailboxes, signals, schedulers, timers and names: what everything else stands on. */
@org.jspecify.annotations.NullMarked
module io.coppice.kernel {
  requires org.agrona;
  requires static transitive org.jspecify;
}
