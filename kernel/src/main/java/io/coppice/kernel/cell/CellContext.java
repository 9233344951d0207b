package io.coppice.kernel.cell;

import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessBody;
import io.coppice.kernel.process.ProcessExit;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.process.Spawned;
import io.coppice.kernel.process.TimerCancelled;
import io.coppice.kernel.process.TimerRead;
import io.coppice.kernel.process.WaitReason;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The operations of one process. Only its own code may use those that are not {@link Processes}'.
 */
final class CellContext extends RelatedContext {
  CellContext(ProcessCell cell) {
    super(cell);
  }

  // ---- about itself

  @Override
  public Pid pid() {
    return cell();
  }

  @Override
  public Pid parent() {
    ProcessCell parent = cell().parentCell();
    return parent == null ? kernel().root() : parent;
  }

  @Override
  public List<Pid> ancestors() {
    return Crashes.ancestors(cell(), Integer.MAX_VALUE);
  }

  @Override
  public Processes node() {
    return kernel().operations();
  }

  // ---- receive

  @Override
  public Object receive() {
    return Objects.requireNonNull(
        waiting("receive").receive(null, Kernel.FOREVER, null), "the wait has no end");
  }

  @Override
  public Optional<Object> receive(Duration timeout) {
    long deadline = kernel().deadline(timeout, "The time-out of a receive");
    return Optional.ofNullable(waiting("receive").receive(null, deadline, null));
  }

  @Override
  public Object receive(Predicate<Object> matching) {
    Objects.requireNonNull(matching, "matching");
    return Objects.requireNonNull(
        waiting("receive").receive(matching, Kernel.FOREVER, null), "the wait has no end");
  }

  @Override
  public Optional<Object> receive(Predicate<Object> matching, Duration timeout) {
    Objects.requireNonNull(matching, "matching");
    long deadline = kernel().deadline(timeout, "The time-out of a receive");
    return Optional.ofNullable(waiting("receive").receive(matching, deadline, null));
  }

  @Override
  public Optional<Object> receive(
      Ref awaited, Predicate<Object> matching, @Nullable Duration timeout) {
    Objects.requireNonNull(awaited, "awaited");
    Objects.requireNonNull(matching, "matching");
    long deadline = kernel().deadline(timeout, "The time-out of a receive");
    return Optional.ofNullable(waiting("receive").receive(matching, deadline, awaited));
  }

  // ---- spawning

  @Override
  public Spawned spawnMonitor(ProcessBody body, SpawnOptions options) {
    Objects.requireNonNull(body, "body");
    return spawned(kernel().spawn(own(), body, null, monitored(options), null));
  }

  @Override
  public Spawned spawnMonitor(Reactive body, SpawnOptions options) {
    Objects.requireNonNull(body, "body");
    return spawned(kernel().spawn(own(), null, body, monitored(options), null));
  }

  private static SpawnOptions monitored(SpawnOptions options) {
    return options.monitored() ? options : options.monitor();
  }

  private static Spawned spawned(Kernel.Spawning spawning) {
    return new Spawned(
        spawning.cell(), Objects.requireNonNull(spawning.monitor(), "a monitor was asked for"));
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
    ProcessCell self = own();
    CallRequest.AsMessage request = new CallRequest.AsMessage(payload, self);
    request.isFor(target);
    target.deliverFrom(self, request, Kernel.FOREVER);
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
    if (!open && !r.unwanted) {
      self.takeArrived(); // an outcome that has arrived stays
    }
    r.unwanted = true;
    return open;
  }

  @Override
  public boolean takeUp(@Nullable Request request) {
    return own().takeUp(request);
  }

  // ---- time

  @Override
  public void cancelTimerAsync(Ref timer) {
    Duration left = cancelTimer(timer).orElse(null);
    own().deliverOwn(new TimerCancelled(timer, left));
  }

  @Override
  public void readTimerAsync(Ref timer) {
    Duration left = readTimer(timer).orElse(null);
    own().deliverOwn(new TimerRead(timer, left));
  }

  @Override
  public void yieldNow() {
    ProcessCell self = waiting("yieldNow");
    if (kernel().dispatcher().worthYielding() || self.hostOf().sliceUsed()) {
      self.yieldTurn();
    }
  }

  @Override
  public void yieldAfterHandler() {
    if (!own().yieldAfterHandler()) {
      yieldNow();
    }
  }

  @Override
  public void checkpoint() {
    if (SectionThread.runsFor(cell())) {
      safePoint();
      return;
    }
    ProcessCell self = own();
    if (!self.nonBlocking && self.hostOf().sliceUsed()) {
      self.yieldTurn();
    }
  }

  @Override
  public void sleep(Duration time) {
    waiting("sleep").sleepUntil(kernel().deadline(Kernel.nanos(time, "The time to sleep")));
  }

  @Override
  public void hibernate() {
    own().hibernateNowOrAfterHandler();
  }

  @Override
  public <T extends @Nullable Object> T blocking(Callable<T> code) throws Exception {
    Objects.requireNonNull(code, "code");
    ProcessCell self = waiting("blocking");
    self.setShielded(true);
    try {
      self.enterSection(WaitReason.BLOCKING_SECTION);
      return kernel().dispatcher().blocking(code);
    } finally {
      self.leaveSection();
      self.setShielded(false);
      self.checkSignals();
    }
  }

  @Override
  public <T extends @Nullable Object> T cpuBound(Callable<T> code) throws Exception {
    Objects.requireNonNull(code, "code");
    ProcessCell self = waiting("cpuBound");
    try {
      self.enterSection(WaitReason.COMPUTATION);
      return kernel().dispatcher().cpuBound(code);
    } finally {
      self.leaveSection();
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
  public Set<Object> getKeys() {
    return Set.copyOf(own().dictionary().keySet());
  }

  @Override
  public Set<Object> getKeys(Object value) {
    Objects.requireNonNull(value, "value");
    Set<Object> keys = new HashSet<>();
    own()
        .dictionary()
        .forEach(
            (key, known) -> {
              if (known.equals(value)) {
                keys.add(key);
              }
            });
    return Set.copyOf(keys);
  }

  @Override
  public void setLabel(Object label) {
    own().setLabel(Objects.requireNonNull(label, "label"));
  }
}
