package io.coppice.kernel.cell;

import io.coppice.kernel.cell.Signal.Demonitor;
import io.coppice.kernel.cell.Signal.Link;
import io.coppice.kernel.cell.Signal.Monitor;
import io.coppice.kernel.cell.Signal.SpecialMonitor;
import io.coppice.kernel.cell.Signal.Unlink;
import io.coppice.kernel.process.Alias;
import io.coppice.kernel.process.AliasMode;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.MonitorOptions;
import io.coppice.kernel.process.NoSuchProcess;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Priority;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.TaggedDown;
import java.util.List;
import java.util.Objects;

/** What a process does about others: links, monitors, aliases (semantics 1.4–1.6, 1.8). */
abstract class RelatedContext extends KernelProcesses implements Context {
  private final ProcessCell cell;

  RelatedContext(ProcessCell cell) {
    super(cell.kernel);
    this.cell = cell;
  }

  /** The process, after its exit signals were handled; refuses other threads. */
  final ProcessCell own() {
    StackRoom.require();
    if (ProcessCell.current() != cell) {
      throw new IllegalStateException(
          "The context of process "
              + cell
              + " was used on thread "
              + Thread.currentThread().getName()
              + ", which does not run that process; send it a message instead");
    }
    cell.checkSignals();
    kernel().beforeOperation(cell);
    return cell;
  }

  /** The same before an operation that may wait. */
  final ProcessCell waiting(String operation) {
    ProcessCell self = own();
    self.refuseToWait(operation);
    return self;
  }

  final ProcessCell cell() {
    return cell;
  }

  // ---- links and monitors

  @Override
  public void link(Pid other, Priority priority) {
    Objects.requireNonNull(priority, "priority");
    ProcessCell peer = kernel().cell(other);
    ProcessCell self = own();
    if (peer == self) {
      return;
    }
    Link link = new Link(self);
    self.takeTokenChecked();
    try {
      if (self.relations().isLinked(peer)) {
        self.relations().setPriority(peer, priority == Priority.HIGH);
        return;
      }
      if (peer.isGone() && !self.trapsExit()) {
        throw new NoSuchProcess(
            "Process " + self + " cannot link to " + peer + " (noproc): it has ended");
      }
      self.relations().addLink(peer, link);
      self.relations().setPriority(peer, priority == Priority.HIGH);
    } finally {
      self.releaseTokenChecked();
    }
    peer.deliverSignal(link);
    self.checkSignals();
  }

  @Override
  public void unlink(Pid other) {
    ProcessCell peer = kernel().cell(other);
    ProcessCell self = own();
    self.takeTokenChecked();
    Link[] links;
    try {
      links = self.relations().removeLinks(peer);
    } finally {
      self.releaseTokenChecked();
    }
    if (links != null) {
      peer.deliverSignal(new Unlink(self, links));
    }
  }

  @Override
  public List<Pid> links() {
    ProcessCell self = own();
    self.takeTokenChecked();
    try {
      return self.relations().linkedPids();
    } finally {
      self.releaseTokenChecked();
    }
  }

  @Override
  public Ref monitor(Pid target) {
    ProcessCell watched = kernel().cell(target);
    return monitor(new Monitor(own(), watched, watched));
  }

  @Override
  public Ref monitor(String name) {
    return monitor(new Monitor(own(), kernel().names().find(name), name));
  }

  @Override
  public Alias monitor(Pid target, MonitorOptions options) {
    Objects.requireNonNull(options, "options");
    ProcessCell watched = kernel().cell(target);
    return monitor(new SpecialMonitor(own(), watched, watched, options));
  }

  @Override
  public Alias monitor(String name, MonitorOptions options) {
    Objects.requireNonNull(options, "options");
    return monitor(new SpecialMonitor(own(), kernel().names().find(name), name, options));
  }

  private static <M extends Monitor> M monitor(M monitor) {
    ProcessCell self = monitor.watcher;
    ProcessCell target = monitor.target;
    if (target == self) { // allowed, and never fires (P45)
      if (monitor.aliasState() != null) {
        countAlias(self, false);
      }
      return monitor;
    }
    self.takeTokenChecked();
    try {
      self.relations().addMonitor(monitor);
    } finally {
      self.releaseTokenChecked();
    }
    if (target == null) {
      self.deliverSignal(new Signal.Ended(monitor, ExitReason.NO_PROCESS));
    } else {
      target.deliverSignal(monitor);
    }
    return monitor;
  }

  @Override
  public boolean demonitor(Ref monitor) {
    Objects.requireNonNull(monitor, "monitor");
    ProcessCell self = own();
    if (!(monitor instanceof Monitor m) || m.watcher != self) {
      return false;
    }
    if (m.aliasState() != null) {
      self.takeArrived();
    }
    self.takeTokenChecked();
    boolean existed;
    try {
      existed = self.relations().removeMonitor(m);
    } finally {
      self.releaseTokenChecked();
    }
    if (existed && m.target != null) {
      m.target.deliverSignal(new Demonitor(m));
    }
    return existed;
  }

  @Override
  public boolean demonitorFlush(Ref monitor) {
    waiting("demonitorFlush");
    boolean existed = demonitor(monitor);
    if (!existed) {
      own().receive(message -> isDown(message, monitor), kernel().deadline(0), null);
    }
    return existed;
  }

  private static boolean isDown(Object message, Ref monitor) {
    return switch (message) {
      case Down down -> down.ref().equals(monitor);
      case TaggedDown down -> down.ref().equals(monitor);
      default -> false;
    };
  }

  @Override
  public List<Ref> monitors() {
    ProcessCell self = own();
    self.takeTokenChecked();
    try {
      return self.relations().monitorRefs();
    } finally {
      self.releaseTokenChecked();
    }
  }

  // ---- aliases

  @Override
  public Alias alias(AliasMode mode, Priority priority) {
    if (mode == AliasMode.DEMONITOR || mode == AliasMode.REPLY_DEMONITOR) {
      throw new IllegalArgumentException(
          "An alias of mode " + mode + " ends with its monitor: make it with monitor");
    }
    Objects.requireNonNull(mode, "mode");
    boolean first = Objects.requireNonNull(priority, "priority") == Priority.HIGH;
    ProcessCell self = own();
    countAlias(self, first);
    return new AliasState.Plain(new AliasState(self, mode, first));
  }

  private static void countAlias(ProcessCell self, boolean priority) {
    self.takeTokenChecked();
    try {
      self.relations().addAlias(priority);
    } finally {
      self.releaseTokenChecked();
    }
  }

  @Override
  public boolean unalias(Alias alias) {
    AliasState state = kernel().alias(alias).aliasState();
    ProcessCell self = own();
    if (state == null || state.owner != self) {
      return false;
    }
    self.takeArrived();
    self.takeTokenChecked();
    try {
      return state.deactivate(self.relations());
    } finally {
      self.releaseTokenChecked();
    }
  }

  @Override
  public boolean takesPriorityMessages() {
    ProcessCell self = own();
    self.takeTokenChecked();
    try {
      Relations known = self.relationsIfAny();
      return known != null && known.takesPriority();
    } finally {
      self.releaseTokenChecked();
    }
  }

  /** Removes the link with a process that has ended, and its Exit, if it has come. */
  void forgetExitOf(ProcessCell ended) {
    unlink(ended);
    own().receive(m -> m instanceof Exit exit && exit.from() == ended, kernel().deadline(0), null);
  }
}
