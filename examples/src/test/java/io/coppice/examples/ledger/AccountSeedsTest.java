package io.coppice.examples.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.server.ServerRef;
import io.coppice.examples.ledger.AccountMessage.GetBalance;
import io.coppice.examples.ledger.AccountMessage.Pay;
import io.coppice.examples.ledger.AccountMessage.Posted;
import io.coppice.examples.ledger.books.Booking.Transfer;
import io.coppice.examples.ledger.books.Question.Answer;
import io.coppice.examples.ledger.books.Question.Balance;
import io.coppice.examples.ledger.books.Question.BalanceIs;
import io.coppice.examples.ledger.books.Question.BalanceOf;
import io.coppice.examples.ledger.books.Verdict;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Processes;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Request;
import io.coppice.kernel.process.SpawnOptions;
import io.coppice.kernel.testkit.FaultRule;
import io.coppice.kernel.testkit.TestNode;
import io.coppice.supervisor.ChildSpec;
import io.coppice.supervisor.StartResult;
import io.coppice.supervisor.Supervisor;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The accounts as they are, with a writer and a reader that keep the books in memory, all of whom
 * are killed at moments that the seed decides.
 */
class AccountSeedsTest {
  /** Fewer where a step takes two threads. */
  private static final int SEEDS = Boolean.getBoolean("tests.without.flags") ? 200 : 500;

  private static final int PAYMENTS = 4;
  private static final long DEPOSIT = 100;
  private static final List<String> ACCOUNTS = List.of("alice", "bob", "carol");

  /** What a database would keep when its users die. */
  private static final class Memory {
    private final Map<String, Balance> balances = new HashMap<>();
    private final Map<String, Map<String, Long>> entries = new HashMap<>(); // by key and account
    private int booked;

    Memory() {
      ACCOUNTS.forEach(id -> balances.put(id, new Balance(DEPOSIT, 1)));
    }

    Optional<Balance> balance(String id) {
      return Optional.ofNullable(balances.get(id));
    }

    /** Books it, unless it was booked before; whether it was. */
    boolean book(Transfer transfer) {
      if (entries.containsKey(transfer.key())) {
        return true;
      }
      booked++;
      long paid = add(transfer.from(), -transfer.amount());
      entries.put(
          transfer.key(),
          Map.of(transfer.from(), paid, transfer.to(), add(transfer.to(), transfer.amount())));
      return false;
    }

    private long add(String id, long amount) {
      Balance old = balance(id).orElseThrow();
      balances.put(id, new Balance(old.amount() + amount, old.seq() + 1));
      return old.seq() + 1;
    }

    long seqOf(Transfer transfer, String account) {
      return entries.getOrDefault(transfer.key(), Map.of()).getOrDefault(account, 0L);
    }
  }

  // ---- the processes

  private static Reactive writer(Memory memory) {
    return (self, message) -> {
      if (message instanceof Request request && request.payload() instanceof Transfer transfer) {
        boolean replayed = memory.book(transfer);
        if (!replayed) { // from here on it may die before anybody knows
          post(self, memory, transfer.from());
          post(self, memory, transfer.to());
        }
        request.reply(new Verdict.Booked(transfer, 0, replayed));
      }
    };
  }

  private static void post(Context self, Memory memory, String account) {
    ServerRef.<AccountMessage>named(self, Names.account(account))
        .cast(new Posted(memory.balance(account).orElseThrow()));
  }

  private static Reactive reader(Memory memory) {
    return (self, message) -> {
      if (message instanceof Request request && request.payload() instanceof BalanceOf(String id)) {
        self.yieldNow();
        request.reply(new BalanceIs(memory.balance(id)));
      }
    };
  }

  private static Supervisor tree(Memory memory) {
    Supervisor tree =
        Supervisor.oneForOne()
            .intensity(1000, Duration.ofSeconds(1))
            .child(process(Names.WRITER, writer(memory)))
            .child(process(Names.READER, reader(memory)));
    for (String id : ACCOUNTS) {
      SpawnOptions options = SpawnOptions.DEFAULT.name(Names.account(id)).label("chaos").link();
      tree =
          tree.child(
              ChildSpec.starting(
                  id,
                  supervisor ->
                      new Account(id, Duration.ofDays(1)).startLink(supervisor, options)));
    }
    return tree;
  }

  private static ChildSpec process(String name, Reactive code) {
    SpawnOptions options = SpawnOptions.DEFAULT.name(name).label("chaos").link();
    return ChildSpec.starting(name, supervisor -> StartResult.ok(supervisor.spawn(code, options)));
  }

  /** A client that does not give up, and never sees an older balance than it has brought about. */
  private static void payAll(Context self, Memory memory, int number) {
    for (int i = 0; i < PAYMENTS; i++) {
      String from = ACCOUNTS.get((number + i) % ACCOUNTS.size());
      String to = ACCOUNTS.get((number + 2 * i + 1 + (i % 2)) % ACCOUNTS.size());
      if (from.equals(to)) {
        continue;
      }
      Transfer transfer = new Transfer("k" + number + "-" + i, from, to, 1 + i);
      pay(self, transfer);
      for (String account : List.of(from, to)) {
        long seen = balance(self, account).seq();
        long least = memory.seqOf(transfer, account);
        assertTrue(
            seen >= least && least > 0,
            () -> account + " shows entry " + seen + " after " + transfer + " was entry " + least);
      }
    }
  }

  private static void pay(Context self, Transfer transfer) {
    while (true) {
      try {
        Verdict verdict = account(self, transfer.from()).call(new Pay(transfer));
        if (verdict instanceof Verdict.Booked) {
          return;
        }
      } catch (CallFailed failed) {
        // the same again, with the same key
      }
      self.sleep(Duration.ofMillis(1));
    }
  }

  private static Balance balance(Context self, String account) {
    while (true) {
      try {
        if (account(self, account).call(new GetBalance()) instanceof BalanceIs(var known)) {
          return known.orElseThrow();
        }
      } catch (CallFailed failed) {
        // it is being restarted, as the reader is if the answer was NotNow
      }
      self.sleep(Duration.ofMillis(1));
    }
  }

  private static ServerRef<AccountMessage> account(Processes processes, String id) {
    return ServerRef.named(processes, Names.account(id));
  }

  // ---- the test

  private static int run(TestNode node, FaultRule chaos) {
    Memory memory = new Memory();
    tree(memory).start(node);
    node.inject(chaos.label("chaos"));
    int[] expected = {0};
    node.run(
        self -> {
          Set<Pid> clients = new HashSet<>();
          for (int i = 0; i < 3; i++) {
            int number = i;
            clients.add(self.spawn(me -> payAll(me, memory, number), SpawnOptions.DEFAULT.link()));
          }
          while (!clients.isEmpty()) {
            clients.removeIf(client -> !self.isAlive(client));
            self.sleep(Duration.ofMillis(1));
          }
        });
    node.heal();
    long sum = 0;
    for (String id : ACCOUNTS) {
      Answer answer = account(node, id).call(new GetBalance());
      assertEquals(new BalanceIs(memory.balance(id)), answer, id);
      sum += memory.balance(id).orElseThrow().amount();
    }
    assertEquals(ACCOUNTS.size() * DEPOSIT, sum);
    expected[0] = memory.entries.size();
    assertEquals(expected[0], memory.booked);
    return node.injectedFaults().size();
  }

  @Test
  @DisplayName("Whoever is killed when, a payment happens once and no client sees an old balance")
  void killedAtAnyTime() {
    int[] kills = {0};
    int different =
        TestNode.forSeeds(
            SEEDS, node -> kills[0] += run(node, FaultRule.kill().probability(0.02).atMost(15)));
    System.out.println(
        "accounts: "
            + SEEDS
            + " seeds, "
            + kills[0]
            + " kills, "
            + different
            + " different interleavings");
    assertTrue(kills[0] > SEEDS, () -> "only " + kills[0] + " were killed");
  }

  @Test
  @DisplayName("Requests may be lost and late: a payment happens once all the same")
  void lost() {
    int different =
        TestNode.forSeeds(
            SEEDS / 5,
            node -> run(node, FaultRule.drop().message(Transfer.class).probability(0.2).atMost(3)));
    assertTrue(different > 1);
  }
}
