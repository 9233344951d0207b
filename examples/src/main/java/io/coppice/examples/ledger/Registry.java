package io.coppice.examples.ledger;

import io.coppice.behaviours.Call;
import io.coppice.behaviours.server.GenServer;
import io.coppice.behaviours.server.Init;
import io.coppice.behaviours.server.Result;
import io.coppice.examples.ledger.Registry.Locate;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Request;
import io.coppice.supervisor.StartOutcome;
import io.coppice.supervisor.SupervisorRef;
import java.time.Duration;
import java.util.Optional;

/**
 * Finds the process of an account, and has one started if there is none.
 *
 * <p>One process does that for all, so no two requests race to start the same account. It has no
 * state: the name table of the node is what it would have to remember.
 */
final class Registry implements GenServer<Locate, Optional<Void>> {
  /** Where is the account? Empty if it cannot be started just now. */
  record Locate(String account) implements Call<Locate, Optional<Pid>> {}

  private Context self;

  @SuppressWarnings("NullAway.Init") // init comes before everything else
  Registry() {}

  @Override
  public Init<Optional<Void>> init(Context context) {
    self = context;
    return Init.state(Optional.empty());
  }

  @Override
  public Result<Optional<Void>> handleCall(Locate request, Request from, Optional<Void> none) {
    Optional<Pid> running = self.whereis(Names.account(request.account()));
    return Result.reply(running.isPresent() ? running : start(request.account()), none);
  }

  private Optional<Pid> start(String account) {
    SupervisorRef accounts = SupervisorRef.named(self, Names.ACCOUNTS);
    try {
      return accounts.timeout(Duration.ofSeconds(2)).startChildWith(account)
              instanceof StartOutcome.Started(Pid pid, _)
          ? Optional.of(pid)
          : Optional.empty();
    } catch (CallFailed _) {
      return Optional.empty(); // the supervisor is just being restarted
    }
  }
}
