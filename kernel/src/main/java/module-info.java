/** Processes, mailboxes, signals, schedulers, timers and names: what everything else stands on. */
@org.jspecify.annotations.NullMarked
module io.coppice.kernel {
  exports io.coppice.kernel;
  exports io.coppice.kernel.process;
  exports io.coppice.kernel.testkit;
  exports io.coppice.kernel.testkit.junit;

  requires java.management;
  requires jdk.jfr;
  requires jdk.management;
  requires org.agrona;
  requires static transitive org.jspecify;
  requires static org.junit.jupiter.api; // of those who write tests with it
}
