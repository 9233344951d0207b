package io.coppice.kernel.cell;

import io.coppice.kernel.cell.Signal.Link;
import io.coppice.kernel.cell.Signal.Monitor;
import io.coppice.kernel.cell.Signal.SpecialMonitor;
import io.coppice.kernel.process.MonitorOptions;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Priority;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.ViaName;
import org.jspecify.annotations.Nullable;

/** What binds a new process before its first instruction (P2, G3). */
final class SpawnTies {
  private SpawnTies() {}

  /** The monitor, if one is asked for. If anything fails, the process was never alive. */
  static @Nullable Monitor tie(@Nullable ProcessCell by, ProcessCell cell, SpawnOptions options) {
    NameTable names = cell.kernel.names();
    ViaName via = options.ties().via();
    boolean tied = false;
    try {
      if (options.name() != null) {
        names.register(options.name(), cell);
      }
      if (via != null) {
        register(via, cell);
      }
      Monitor monitor = by == null ? null : relate(by, cell, options);
      tied = true;
      return monitor;
    } finally {
      if (!tied) {
        cell.kernel.table().withdraw(cell);
        names.release(cell);
        if (via != null && via.whereis().filter(cell::equals).isPresent()) {
          via.registry().unregisterName(via.key());
        }
      }
    }
  }

  private static void register(ViaName via, ProcessCell cell) {
    if (!via.registry().registerName(via.key(), cell)) {
      Pid holder = via.whereis().orElse(cell.kernel.root());
      throw new NameTaken("The name " + via + " is taken by " + holder, holder);
    }
  }

  /** Links and monitors both ways before the child's first instruction (P2). */
  private static @Nullable Monitor relate(ProcessCell by, ProcessCell cell, SpawnOptions options) {
    Priority linkPriority = options.ties().link();
    MonitorOptions monitoring = options.ties().monitor();
    if (linkPriority == null && monitoring == null) {
      return null;
    }
    Monitor monitor = null;
    by.takeTokenChecked();
    try {
      cell.takeTokenBeforeBirth();
      if (linkPriority != null) {
        Link link = new Link(by);
        by.relations().addLink(cell, link);
        by.relations().setPriority(cell, linkPriority == Priority.HIGH);
        cell.relations().addLink(by, link);
      }
      if (monitoring != null) {
        monitor = monitor(by, cell, cell, monitoring);
        by.relations().addMonitor(monitor);
        cell.relations().addWatcher(monitor);
      }
      cell.releaseTokenOfOther();
    } finally {
      by.releaseTokenChecked();
    }
    return monitor;
  }

  private static Monitor monitor(
      ProcessCell by, @Nullable ProcessCell target, Object object, MonitorOptions options) {
    return options.equals(MonitorOptions.DEFAULT)
        ? new Monitor(by, target, object)
        : new SpecialMonitor(by, target, object, options);
  }
}
