package io.coppice.kernel.cell;

import io.coppice.kernel.cell.Signal.Demonitor;
import io.coppice.kernel.cell.Signal.Link;
import io.coppice.kernel.cell.Signal.Monitor;
import io.coppice.kernel.cell.Signal.Unlink;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Down;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.NoSuchProcess;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.ProcessExit;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.Spawned;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The operations of one process. Only its own code may use those that are not {@link Processes}'.
 */
final class CellContext extends KernelProcesses implements Context {
  private final ProcessCell cell;

  CellContext(ProcessCell cell) {
    super(cell.kernel);
    this.cell = cell;
  }

  /** The process, after its exit signals were handled; refuses other threads. */
  private ProcessCell own() {
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

  // ---- about itself

  @Override
  public Pid pid() {
    return cell;
  }

  @Override
  public Pid parent() {
    ProcessCell parent = cell.parentCell();
    return parent == null ? kernel().root() : parent;
  }

  @Override
  public List<Pid> ancestors() {
    return Kernel.ancestors(cell);
  }

  @Override
  public Processes node() {
    return kernel().operations();
  }

  // ---- receive

  @Override
  public Object receive() {
    return Objects.requireNonNull(own().receive(null, Kernel.FOREVER), "the wait has no end");
  }

  @Override
  public Optional<Object> receive(Duration timeout) {
    long deadline = kernel().deadline(timeout, "The time-out of a receive");
    return Optional.ofNullable(own().receive(null, deadline));
  }

  @Override
  public Object receive(Predicate<Object> matching) {
    Objects.requireNonNull(matching, "matching");
    return Objects.requireNonNull(own().receive(matching, Kernel.FOREVER), "the wait has no end");
  }

  @Override
  public Optional<Object> receive(Predicate<Object> matching, Duration timeout) {
    Objects.requireNonNull(matching, "matching");
    long deadline = kernel().deadline(timeout, "The time-out of a receive");
    return Optional.ofNullable(own().receive(matching, deadline));
  }

  // ---- links and monitors

  @Override
  public Spawned spawnMonitor(ProcessBody body, SpawnOptions options) {
    Objects.requireNonNull(body, "body");
    return spawned(kernel().spawn(own(), body, null, options.monitor(), null));
  }

  @Override
  public Spawned spawnMonitor(Reactive body, SpawnOptions options) {
    Objects.requireNonNull(body, "body");
    return spawned(kernel().spawn(own(), null, body, options.monitor(), null));
  }

  private static Spawned spawned(Kernel.Spawning spawning) {
    return new Spawned(
        spawning.cell(), Objects.requireNonNull(spawning.monitor(), "a monitor was asked for"));
  }

  @Override
  public void link(Pid other) {
    ProcessCell peer = kernel().cell(other);
    ProcessCell self = own();
    if (peer == self) {
      return;
    }
    Link link = new Link(self);
    self.takeTokenChecked();
    try {
      if (self.relations().isLinked(peer)) {
        return;
      }
      if (peer.isGone() && !self.trapsExit()) {
        throw new NoSuchProcess(
            "Process " + self + " cannot link to " + peer + " (noproc): it has ended");
      }
      self.relations().addLink(peer, link);
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
    return monitor(watched, watched);
  }

  @Override
  public Ref monitor(String name) {
    return monitor(kernel().names().find(name), name);
  }

  private Ref monitor(@Nullable ProcessCell target, Object object) {
    ProcessCell self = own();
    Monitor monitor = new Monitor(self, target, object);
    if (target == self) {
      return monitor; // allowed, and never fires (P45)
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
    boolean existed = demonitor(monitor);
    if (!existed) {
      own()
          .receive(m -> m instanceof Down down && down.ref().equals(monitor), kernel().deadline(0));
    }
    return existed;
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

  /** Removes the link with a process that has ended, and its Exit, if it has come. */
  void forgetExitOf(ProcessCell ended) {
    unlink(ended);
    own().receive(m -> m instanceof Exit exit && exit.from() == ended, kernel().deadline(0));
  }

  // ---- the end

  @Override
  public ProcessExit exit(ExitReason reason) {
    own();
    throw new ProcessExit(Objects.requireNonNull(reason, "reason"));
  }

  @Override
  public void stop(ExitReason reason) {
    own().stopAfterHandler(Objects.requireNonNull(reason, "reason"));
  }

  @Override
  public void become(Reactive next) {
    own().becomeAfterHandler(Objects.requireNonNull(next, "next"));
  }

  @Override
  public boolean trapExit(boolean trap) {
    ProcessCell self = own();
    self.takeTokenChecked();
    try {
      return self.swapTrapExit(trap);
    } finally {
      self.releaseTokenChecked();
    }
  }

  // ---- requests

  @Override
  public Ref sendRequest(Pid to, Object payload) {
    Objects.requireNonNull(payload, "payload");
    ProcessCell target = kernel().cell(to);
    CallRequest.AsMessage request = new CallRequest.AsMessage(payload, own());
    target.deliverMessage(request);
    return request;
  }

  @Override
  public boolean abandon(Ref request) {
    Objects.requireNonNull(request, "request");
    ProcessCell self = own();
    if (!(request instanceof CallRequest.AsMessage r) || r.caller != self) {
      return false;
    }
    boolean open = r.abandon();
    r.unwanted = true;
    self.checkSignals(); // an outcome that has arrived stays; the signal, if any, is handled before
    // this
    return open;
  }

  // ---- time

  @Override
  public void yieldNow() {
    ProcessCell self = own();
    if (kernel().dispatcher().worthYielding()) {
      self.yieldTurn();
    }
  }

  @Override
  public void checkpoint() {
    ProcessCell self = own();
    if (self.hostOf().sliceUsed()) {
      self.yieldTurn();
    }
  }

  @Override
  public void sleep(Duration time) {
    own().sleepUntil(kernel().deadline(Kernel.nanos(time, "The time to sleep")));
  }

  @Override
  public <T extends @Nullable Object> T blocking(Callable<T> code) throws Exception {
    Objects.requireNonNull(code, "code");
    ProcessCell self = own();
    self.setShielded(true);
    try {
      return kernel().dispatcher().blocking(code);
    } finally {
      self.setShielded(false);
      self.checkSignals();
    }
  }

  // ---- dictionary and label

  @Override
  public @Nullable Object put(Object key, Object value) {
    return own().dictionary().put(key, Objects.requireNonNull(value, "value"));
  }

  @Override
  public @Nullable Object get(Object key) {
    return own().dictionary().get(key);
  }

  @Override
  public @Nullable Object erase(Object key) {
    return own().dictionary().remove(key);
  }

  @Override
  public void setLabel(Object label) {
    own().setLabel(Objects.requireNonNull(label, "label"));
  }
}
