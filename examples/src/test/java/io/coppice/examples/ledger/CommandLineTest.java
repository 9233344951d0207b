package io.coppice.examples.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
  @TempDir Path folder;
  private String said = "";

  /** Runs the program and keeps what it says on standard error. */
  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--reports=" + folder.resolve("reports.log"));
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      return Ledger.run(all.toArray(String[]::new));
    } finally {
      System.setErr(before);
      said = bytes.toString(StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @DisplayName("A nonsense option is named in one line, and nothing is started")
  @ValueSource(
      strings = {
        "--frobnicate",
        "--duration=0",
        "--duration=soon",
        "--clients=1000",
        "--accounts=1",
        "--chaos-rate=-1",
        "--chaos-rate=NaN",
        "--port=65536",
      })
  void nonsense(String option) {
    Path database = folder.resolve("ledger.db");
    assertEquals(2, run("--db=" + database, option));
    assertTrue(
        said.contains(
            option.substring(0, option.contains("=") ? option.indexOf('=') : option.length())),
        said);
    assertEquals(1, said.lines().count(), said);
    assertFalse(Files.exists(database));
  }

  @Test
  @DisplayName("A port in use is an error that names it")
  void portInUse() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertEquals(2, run("--db=" + folder.resolve("ledger.db"), "--port=" + taken.getLocalPort()));
      assertTrue(said.contains("port " + taken.getLocalPort()), said);
    }
  }

  @Test
  @DisplayName("A file that is no database is left as it is")
  void noDatabase() throws Exception {
    Path file = folder.resolve("letter.txt");
    String text = "Dear Sir or Madam, ".repeat(100);
    Files.writeString(file, text);
    assertEquals(2, run("--db=" + file));
    assertTrue(said.contains("letter.txt") && said.contains("not a database"), said);
    assertEquals(text, Files.readString(file));
  }

  @Test
  @DisplayName("A JDBC URL without a driver is an error that names it")
  void noDriver() {
    assertEquals(2, run("--jdbc=jdbc:nonsense:x"));
    assertTrue(said.contains("jdbc:nonsense:x"), said);
  }

  @Test
  @DisplayName("A setting of the node that is nonsense is named in one line, and the port is free")
  void nonsenseSetting() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    System.setProperty("coppice.requireFast", "maybe");
    try {
      assertEquals(2, run("--db=" + folder.resolve("ledger.db"), "--port=" + port));
    } finally {
      System.clearProperty("coppice.requireFast");
    }
    assertTrue(said.contains("requireFast"), said);
    assertEquals(1, said.lines().count(), said);
    new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
  }

  @Test
  @DisplayName("Load and chaos for some seconds break no promise, and every role is killed")
  void trial() {
    assertEquals(
        0,
        run(
            "--db=" + folder.resolve("ledger.db"),
            "--duration=3",
            "--chaos-rate=12",
            "--clients=8",
            "--accounts=16",
            "--seed=1"),
        said);
  }
}
