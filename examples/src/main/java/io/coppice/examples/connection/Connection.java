package io.coppice.examples.connection;

import io.coppice.behaviours.Call;
import io.coppice.behaviours.statem.Action;
import io.coppice.behaviours.statem.CallbackMode;
import io.coppice.behaviours.statem.EnterResult;
import io.coppice.behaviours.statem.Event;
import io.coppice.behaviours.statem.GenStatem;
import io.coppice.behaviours.statem.Init;
import io.coppice.behaviours.statem.StateFunction;
import io.coppice.behaviours.statem.Transition;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Request;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * A connection to a server that answers lines with lines.
 *
 * <p>While it is down it tries again, after a time that doubles with each failure, and postpones
 * what it is asked; a request that finds the connection broken is postponed, too, and so repeated:
 * the server may see it twice. That a request is answered late, and not refused, is all that its
 * clients notice.
 */
final class Connection implements GenStatem<Connection.Message, Connection.State, Connection.Link> {
  private static final int DOUBLINGS = 8;

  enum State {
    DOWN,
    UP
  }

  /** What can be asked. */
  sealed interface Message {}

  /** A line for the server; the answer is its line. */
  record Ask(String line) implements Message, Call<Message, String> {}

  /** How often it has failed to connect, or what it is connected with. */
  sealed interface Link {
    record None(int failures) implements Link {}

    record Open(LineSocket socket) implements Link {}
  }

  private final InetSocketAddress server;
  private final Duration firstPause;

  Connection(InetSocketAddress server, Duration firstPause) {
    this.server = server;
    this.firstPause = firstPause;
  }

  @Override
  public Init<State, Link> init(Context self) {
    self.trapExit(true); // so that terminate closes the socket
    return Init.state(State.DOWN, new Link.None(0));
  }

  @Override
  public CallbackMode callbackMode() {
    return CallbackMode.STATE_FUNCTIONS.withStateEnter();
  }

  @Override
  public StateFunction<Message, State, Link> stateFunction(State state) {
    return switch (state) {
      case DOWN -> StateFunction.of(this::down).onEnter(this::enterDown);
      case UP -> this::up;
    };
  }

  private EnterResult<State, Link> enterDown(State from, Link link) {
    int failures = link instanceof Link.None(int count) ? count : 0;
    Duration pause =
        failures == 0
            ? Duration.ZERO
            : firstPause.multipliedBy(1L << Math.min(failures - 1, DOUBLINGS));
    return EnterResult.keepStateAndData(Action.stateTimeout(pause, "connect"));
  }

  private Transition<State, Link> down(Event<Message> event, Link link) {
    return switch (event) {
      case Event.StateTimeout<Message> due -> connect(link);
      case Event.Call<Message> waiting -> Transition.keepStateAndData(Action.postpone());
      default -> Transition.keepStateAndData();
    };
  }

  private Transition<State, Link> connect(Link link) {
    try {
      return Transition.nextState(State.UP, new Link.Open(LineSocket.connect(server)));
    } catch (IOException refused) {
      int failures = link instanceof Link.None(int count) ? count : 0;
      return Transition.repeatState(new Link.None(failures + 1));
    }
  }

  private Transition<State, Link> up(Event<Message> event, Link link) {
    if (event instanceof Event.Call<Message>(Ask(String line), Request from)
        && link instanceof Link.Open(LineSocket socket)) {
      try {
        return Transition.keepStateAndData(Action.reply(from, socket.ask(line)));
      } catch (IOException broken) {
        socket.close();
        return Transition.nextState(State.DOWN, new Link.None(0), Action.postpone());
      }
    }
    return Transition.keepStateAndData();
  }

  @Override
  public void terminate(ExitReason reason, State state, Link link) {
    if (link instanceof Link.Open(LineSocket socket)) {
      socket.close();
    }
  }
}
