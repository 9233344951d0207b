package io.coppice.behaviours.pg;

import static io.coppice.behaviours.server.TestBed.expect;
import static io.coppice.behaviours.server.TestBed.expectNothing;
import static io.coppice.behaviours.server.TestBed.inProcess;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.behaviours.Address;
import io.coppice.behaviours.generic.Cast;
import io.coppice.behaviours.pg.GroupEvent.Joined;
import io.coppice.behaviours.pg.GroupEvent.Left;
import io.coppice.behaviours.pg.ProcessGroups.ScopeWatch;
import io.coppice.behaviours.pg.ProcessGroups.Watch;
import io.coppice.kernel.Node;
import io.coppice.kernel.process.CallFailed;
import io.coppice.kernel.process.Context;
import io.coppice.kernel.process.Exit;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Pid;
import io.coppice.kernel.process.Reactive;
import io.coppice.kernel.process.Ref;
import io.coppice.kernel.testkit.TestNode;
import io.coppice.supervisor.Supervisor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ProcessGroupsTest {
  private static final Reactive PARKED = (self, message) -> {};
  private static final Duration MOMENT = Duration.ofMillis(1);

  private static ProcessGroups<String> started(Context self) {
    return ProcessGroups.<String>scope().start(self);
  }

  private static Pid scopePid(Context self) {
    return self.whereis(ProcessGroups.DEFAULT_SCOPE).orElseThrow();
  }

  private static void killAndAwait(Context self, Pid pid) {
    self.exit(pid, ExitReason.KILL);
    assertFalse(self.isAlive(pid));
    self.sleep(MOMENT); // until the scope has seen it, too
  }

  @Test
  @DisplayName("the example of the documentation")
  @Timeout(20)
  void example() {
    // @start region="groups"
    ProcessGroups<String> groups = ProcessGroups.scope();
    try (Node node = Node.start()) {
      Supervisor.restForOne().child(groups.child()).start(node);
      Pid worker = node.spawn((self, message) -> {});
      groups.join("printers", worker);
      groups.members("printers").forEach(printer -> node.send(printer, "page"));
      // @end
      assertEquals(List.of(worker), groups.members("printers"));
    }
    assertEquals(List.of(), groups.members("printers"));
  }

  @Test
  @DisplayName("PG-001 PG2 PG3 processes join, are listed as often as they did, and leave")
  void joinAndLeave() throws Exception {
    inProcess(
        self -> {
          ProcessGroups<String> groups = started(self);
          assertEquals("pg", groups.toString());
          Pid a = self.spawn(PARKED);
          Pid b = self.spawn(PARKED);
          groups.join("one", a);
          assertEquals(List.of(a), groups.members("one"));
          groups.join("one", b);
          groups.join("one", a);
          groups.join("two", List.of(b, b));
          assertEquals(List.of(a, b, a), groups.members("one"));
          assertEquals(List.of(b, b), groups.members("two"));
          assertEquals(Set.of("one", "two"), groups.groups());
          assertTrue(groups.leave("one", a));
          assertEquals(List.of(b, a), groups.members("one"));
          assertTrue(groups.leave("one", List.of(a, b)));
          assertFalse(groups.leave("one", a));
          assertFalse(groups.leave("none", b));
          assertTrue(groups.leave("two", List.of(b, a)), "one of them was a member");
          assertEquals(List.of(b), groups.members("two"));
          killAndAwait(self, b);
          assertEquals(Set.of(), groups.groups());
          groups.join("one", List.of());
          assertEquals(Set.of(), groups.groups());
          groups.join("three", self.pid());
          assertEquals(List.of(self.pid()), groups.members("three"));
        });
  }

  @Test
  @DisplayName("PG-002 PG7 a call, a cast and a message that the scope does not know crash it")
  void errors() throws Exception {
    List<BiConsumer<Context, Pid>> all =
        List.of(
            (self, scope) ->
                assertInstanceOf(
                    ExitReason.Crashed.class,
                    assertThrows(
                            CallFailed.class, () -> Address.of(self, scope).ask("garbage", null))
                        .reason()),
            (self, scope) -> self.send(scope, new Cast("garbage")),
            (self, scope) -> self.send(scope, "garbage"));
    for (BiConsumer<Context, Pid> garbage : all) {
      inProcess(
          self -> {
            ProcessGroups<String> groups = ProcessGroups.<String>scope().startLink(self);
            groups.join("group", self.pid());
            Pid scope = scopePid(self);
            garbage.accept(self, scope);
            Exit exit = expect(self, Exit.class);
            assertEquals(scope, exit.from());
            Throwable error = assertInstanceOf(ExitReason.Crashed.class, exit.reason()).error();
            assertInstanceOf(IllegalArgumentException.class, error);
            assertTrue(String.valueOf(error.getMessage()).contains("badarg"), error::toString);
          });
    }
  }

  @Test
  @DisplayName("PG-005 PG2 only processes of this node join, and if one is not, nobody does")
  @Timeout(20)
  @SuppressWarnings("NullAway") // that null is refused
  void ownerCheck() throws Exception {
    try (Node other = Node.start()) {
      Pid foreign = other.spawn(PARKED);
      Pid odd =
          new Pid() {
            @Override
            public long number() {
              return 1;
            }

            @Override
            public String toString() {
              return "odd";
            }
          };
      inProcess(
          self -> {
            ProcessGroups<String> groups = started(self);
            Pid own = self.spawn(PARKED);
            groups.join("before", own);
            for (Pid wrong : List.of(foreign, odd)) {
              IllegalArgumentException told =
                  assertThrows(IllegalArgumentException.class, () -> groups.join("group", wrong));
              assertTrue(String.valueOf(told.getMessage()).contains(wrong.toString()));
              assertThrows(
                  IllegalArgumentException.class,
                  () -> groups.join("group", List.of(own, wrong, own)));
              assertThrows(
                  IllegalArgumentException.class,
                  () -> groups.leave("before", List.of(own, wrong)));
            }
            assertThrows(NullPointerException.class, () -> groups.join("group", (Pid) null));
            assertThrows(NullPointerException.class, () -> groups.join(null, own));
            assertEquals(Set.of("before"), groups.groups());
            assertEquals(List.of(own), groups.members("before"));
          });
    }
  }

  @Test
  @DisplayName("PG-007 PG6 when the scope is killed all groups are gone, and the members live on")
  void scopeRestart() {
    TestNode.forSeeds(
        20,
        node -> {
          ProcessGroups<String> groups = ProcessGroups.scope("scope");
          Supervisor.oneForOne().child(groups.child()).start(node);
          node.run(
              self -> {
                Pid member = self.spawn(PARKED);
                groups.join("one", List.of(member, self.pid()));
                groups.join("two", member);
                Pid scope = self.whereis("scope").orElseThrow();
                self.exit(scope, ExitReason.KILL);
                assertFalse(self.isAlive(scope));
                assertEquals(List.of(), groups.members("one"), "before and after the restart");
                self.sleep(MOMENT);
                assertEquals(Set.of(), groups.groups());
                assertTrue(self.isAlive(member));
                assertFalse(groups.leave("one", member), "it is in no group any more");
                groups.join("one", member);
                assertEquals(List.of(member), groups.members("one"));
                expectNothing(self);
              });
        });
  }

  @Test
  @DisplayName("PG-008 thousands that join, leave and end at once are done in bounded time")
  @Timeout(20)
  void thunderingHerd() throws InterruptedException {
    int herd = 1_000;
    ProcessGroups<Integer> groups = ProcessGroups.scope();
    try (Node node = Node.start()) {
      groups.start(node);
      CountDownLatch joined = new CountDownLatch(herd);
      List<Pid> beasts = new ArrayList<>();
      for (int i = 0; i < herd; i++) {
        int group = i % 3;
        boolean stays = i % 2 == 0;
        beasts.add(
            node.spawn(
                self -> {
                  groups.join(group, self.pid());
                  groups.join(group + 1, self.pid());
                  assertTrue(groups.leave(group, self.pid()));
                  joined.countDown();
                  if (stays) {
                    self.receive();
                  }
                }));
      }
      assertTrue(joined.await(15, TimeUnit.SECONDS));
      await().until(() -> size(groups) == herd / 2);
      beasts.stream()
          .filter(beast -> !node.hasEnded(beast))
          .forEach(beast -> node.send(beast, "go"));
      await().until(() -> groups.groups().isEmpty());
    }
  }

  private static long size(ProcessGroups<Integer> groups) {
    return groups.groups().stream().mapToLong(group -> groups.members(group).size()).sum();
  }

  @Test
  @DisplayName("PG-010 PG5 who watches a scope gets the groups as they are, then each change")
  void scopeMonitor() throws Exception {
    inProcess(
        self -> {
          ProcessGroups<String> groups = started(self);
          Pid a = self.spawn(PARKED);
          Pid b = self.spawn(PARKED);
          groups.join("one", List.of(a, b));
          groups.join("two", a);
          ScopeWatch<String> watch = groups.monitorScope(self);
          assertEquals(Map.of("one", List.of(a, b), "two", List.of(a)), watch.groups());
          Ref ref = watch.ref();
          groups.join("three", List.of(b, b));
          assertEquals(new Joined<>(ref, "three", List.of(b, b)), self.receive());
          groups.leave("three", List.of(a, b));
          assertEquals(new Left<>(ref, "three", List.of(b)), self.receive(), "a was not in it");
          groups.leave("three", a);
          groups.join("one", List.of());
          killAndAwait(self, b);
          assertEquals(new Left<>(ref, "one", List.of(b)), self.receive());
          assertEquals(new Left<>(ref, "three", List.of(b)), self.receive());
          expectNothing(self);
          groups.join("four", a);
          assertTrue(groups.demonitor(self, ref));
          expectNothing(self);
          assertFalse(groups.demonitor(self, ref));
          groups.leave("four", a);
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("PG5 who watches a group is told of that group only, and from the snapshot on")
  void groupMonitor() throws Exception {
    inProcess(
        self -> {
          ProcessGroups<String> groups = started(self);
          Pid a = self.spawn(PARKED);
          groups.join("one", a);
          Watch one = groups.monitor(self, "one");
          Watch again = groups.monitor(self, "one");
          Watch none = groups.monitor(self, "none");
          assertEquals(List.of(a), one.members());
          assertEquals(List.of(a), again.members());
          assertEquals(List.of(), none.members());
          groups.join("two", a);
          groups.leave("one", a);
          assertEquals(new Left<>(one.ref(), "one", List.of(a)), self.receive());
          assertEquals(new Left<>(again.ref(), "one", List.of(a)), self.receive());
          assertTrue(groups.demonitor(self, again.ref()));
          groups.join("one", a);
          groups.join("none", a);
          assertEquals(new Joined<>(one.ref(), "one", List.of(a)), self.receive());
          assertEquals(new Joined<>(none.ref(), "none", List.of(a)), self.receive());
          expectNothing(self);
          assertFalse(groups.demonitor(self, Ref.create()));
        });
  }

  @Test
  @DisplayName("PG5 a watching ends with the process that watches, and only that may end it")
  void subscriberEnds() throws Exception {
    inProcess(
        self -> {
          ProcessGroups<String> groups = started(self);
          Watch own = groups.monitor(self, "one");
          Pid tester = self.pid();
          Pid watcher =
              self.spawn(
                  other -> {
                    assertFalse(groups.demonitor(other, own.ref()), "it is not its own");
                    groups.monitor(other, "one");
                    groups.monitorScope(other);
                    other.send(tester, "ready");
                    other.receive(message -> message.equals("never"));
                  });
          assertEquals("ready", self.receive());
          int before = self.info(scopePid(self)).orElseThrow().related().monitorCount();
          killAndAwait(self, watcher);
          int after = self.info(scopePid(self)).orElseThrow().related().monitorCount();
          assertEquals(before - 2, after);
          groups.join("one", self.pid());
          assertEquals(new Joined<>(own.ref(), "one", List.of(self.pid())), self.receive());
          expectNothing(self);
        });
  }

  @Test
  @DisplayName("PG-011 PG1 a group is there while it has members, and gone with the last")
  void emptyGroup() throws Exception {
    inProcess(
        self -> {
          ProcessGroups<Object> groups = ProcessGroups.scope().start(self);
          Pid a = self.spawn(PARKED);
          Pid b = self.spawn(PARKED);
          Object group = List.of("any", 1);
          groups.join(group, List.of(a, b));
          assertTrue(groups.leave(group, a));
          assertEquals(Set.of(group), groups.groups());
          assertTrue(groups.leave(group, b));
          assertEquals(Set.of(), groups.groups());
          groups.join(group, b);
          killAndAwait(self, b);
          assertEquals(Set.of(), groups.groups());
          assertEquals(List.of(), groups.members(group));
        });
  }

  @Test
  @DisplayName("PG-012 PG3 an unknown group has no members, and neither has a scope that is not up")
  void missing() throws Exception {
    inProcess(
        self -> {
          ProcessGroups<String> groups = ProcessGroups.scope("other");
          assertEquals(List.of(), groups.members("any"));
          assertThrows(IllegalArgumentException.class, groups::groups);
          CallFailed failed = assertThrows(CallFailed.class, () -> groups.join("any", self.pid()));
          assertEquals(ExitReason.NO_PROCESS, failed.reason());
          groups.startLink(self);
          assertEquals(List.of(), groups.members("any"));
          assertEquals(Set.of(), groups.groups());
          groups.join("any", self.pid());
          assertThrows(NameTaken.class, () -> groups.start(self));
          killAndAwait(self, self.whereis("other").orElseThrow());
          assertEquals(List.of(), groups.members("any"));
          assertThrows(IllegalArgumentException.class, groups::groups);
          assertEquals(
              ExitReason.NO_PROCESS,
              assertThrows(CallFailed.class, () -> groups.leave("any", self.pid())).reason());
        });
  }

  @Test
  @DisplayName("PG1 one handle stands for one scope: it does not start on a second node")
  void secondNode() throws Exception {
    ProcessGroups<String> groups = ProcessGroups.scope();
    TestNode first = TestNode.start(1);
    try (TestNode second = TestNode.start(2)) {
      groups.start(first);
      CallFailed refused = assertThrows(CallFailed.class, () -> groups.start(second));
      assertTrue(String.valueOf(refused.getMessage()).contains("another node"));
      first.close();
      groups.start(second);
      assertEquals(Set.of(), groups.groups());
    }
  }
}
