package io.coppice.behaviours.generic;

import io.coppice.behaviours.StatusView;
import io.coppice.behaviours.SysStatus;
import io.coppice.behaviours.SystemEvent;
import io.coppice.behaviours.SystemRequest.CallbackFailed;
import io.coppice.behaviours.SystemRequest.ChangeCode;
import io.coppice.behaviours.SystemRequest.Command;
import io.coppice.behaviours.SystemRequest.Debugging;
import io.coppice.behaviours.SystemRequest.GetState;
import io.coppice.behaviours.SystemRequest.GetStatus;
import io.coppice.behaviours.SystemRequest.Other;
import io.coppice.behaviours.SystemRequest.ReplaceState;
import io.coppice.behaviours.SystemRequest.Resume;
import io.coppice.behaviours.SystemRequest.Suspend;
import io.coppice.behaviours.SystemRequest.Terminate;
import io.coppice.behaviours.SystemRequest.Unknown;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.ProcessInfo;
import io.coppice.kernel.process.Request;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a behaviour answers system messages, and what it holds back while it is suspended (semantics
 * section 7). Used by its process only, but for {@link #suspended}.
 */
final class SystemSide {
  private final Behaviour behaviour;
  private @Nullable ArrayDeque<Object> held;
  private final Debug debug = new Debug();

  SystemSide(Behaviour behaviour) {
    this.behaviour = behaviour;
  }

  private Context self() {
    return behaviour.self();
  }

  /** Handles a system message. */
  void handle(Request request, Command command, @Nullable Pid parent) throws Exception {
    switch (command) {
      case Terminate(ExitReason reason) -> {
        behaviour.end(reason, null);
        return;
      }
      case GetState() -> request.reply(behaviour.userState());
      case GetStatus() -> request.reply(status(parent));
      case ReplaceState replace -> replaceState(request, replace);
      case ChangeCode change -> migrate(request, change);
      case Debugging about -> debug(request, about);
      case Suspend() -> {
        if (held == null) {
          held = new ArrayDeque<>();
        }
        request.reply(null);
      }
      case Resume() -> {
        resume(request);
        return;
      }
      case Other(Object term) -> request.fail(ExitReason.of(new Unknown(term)));
    }
    behaviour.interrupted(held != null);
  }

  private void replaceState(Request request, ReplaceState replace) {
    try {
      request.reply(behaviour.changeState(replace.change()));
    } catch (Throwable error) {
      self().checkpoint();
      request.fail(ExitReason.of(new CallbackFailed(error)));
    }
  }

  private void migrate(Request request, ChangeCode change) {
    if (held == null) {
      request.fail(ExitReason.of(new Unknown(change)));
      return;
    }
    try {
      behaviour.changeCode(change);
      request.reply(null);
    } catch (Throwable error) {
      request.fail(behaviour.reasonOf(error));
    }
  }

  // ---- suspension

  /** Whether it handles nothing but system messages; any thread may ask. */
  boolean suspended() {
    return held != null;
  }

  /** Keeps a message for later if the behaviour is suspended. */
  boolean holds(Object message) {
    if (held == null) {
      return false;
    }
    held.addLast(message);
    return true;
  }

  private void resume(Request request) throws Exception {
    ArrayDeque<Object> waiting = held;
    held = null;
    request.reply(null);
    behaviour.interrupted(false);
    while (waiting != null && !waiting.isEmpty() && !behaviour.ended()) {
      self().checkpoint();
      Object next = waiting.removeFirst();
      if (self().takeUp(next instanceof Request asked ? asked : null)) {
        behaviour.dispatch(next);
      }
    }
  }

  // ---- what watches it

  private void debug(Request request, Debugging command) {
    try {
      request.reply(debug.handle(self(), command));
    } catch (Exception error) { // a file that cannot be written
      request.fail(behaviour.reasonOf(error));
    }
  }

  void keepLog(int size) {
    debug.keepLog(size);
  }

  boolean noting() {
    return debug.active();
  }

  void note(SystemEvent event) {
    debug.note(self(), event);
  }

  /** The events kept, oldest first. */
  List<SystemEvent> log() {
    return debug.log();
  }

  // ---- status

  private SysStatus status(@Nullable Pid parent) {
    StatusView view = shown(new StatusView(behaviour.userState(), null, null, log()));
    return new SysStatus(
        self().pid(),
        self().info(self().pid()).map(ProcessInfo::name).orElse(null),
        behaviour.module(),
        held != null,
        behaviour.hibernating(),
        parent,
        dictionary(),
        debug.watching(),
        view.state(),
        view.log());
  }

  private Map<Object, Object> dictionary() {
    Map<Object, Object> all = new HashMap<>();
    for (Object key : self().getKeys()) {
      Object value = self().get(key);
      if (value != null) {
        all.put(key, value);
      }
    }
    return Map.copyOf(all);
  }

  /** What formatStatus makes of it; never the raw state when that fails (GS25). */
  StatusView shown(StatusView raw) {
    try {
      return Objects.requireNonNull(behaviour.formatStatus(raw), "formatStatus returned null");
    } catch (Throwable error) {
      self().checkpoint();
      String crashed = behaviour.module() + ".formatStatus crashed: " + error;
      return new StatusView(crashed, crashed, raw.reason(), List.of());
    }
  }
}
