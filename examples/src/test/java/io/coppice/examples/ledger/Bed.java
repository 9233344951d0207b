package io.coppice.examples.ledger;

import io.coppice.examples.ledger.audit.Acked;
import io.coppice.examples.ledger.audit.Audit;
import io.coppice.examples.ledger.books.Database;
import io.coppice.kernel.process.ExitReason;
import io.coppice.kernel.process.Pid;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/** A ledger on a file of its own, and a client. */
final class Bed implements AutoCloseable {
  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(30)); // a slow machine has time
  }

  private final HttpClient http = HttpClient.newHttpClient();
  private final String url;
  private final LedgerServer server;
  private final ShakyDatabase database;

  private Bed(String url, ShakyDatabase database, LedgerServer server) {
    this.url = url;
    this.database = database;
    this.server = server;
  }

  static Bed start(Path folder) throws IOException, SQLException {
    return start(folder, options -> options);
  }

  static Bed start(Path folder, UnaryOperator<LedgerOptions> change)
      throws IOException, SQLException {
    String url = url(folder);
    ShakyDatabase database = new ShakyDatabase(Database.jdbc(url));
    LedgerOptions options = change.apply(LedgerOptions.of(database));
    return new Bed(url, database, LedgerServer.start(options, _ -> {}));
  }

  static String url(Path folder) {
    return "jdbc:sqlite:" + folder.resolve("ledger.db");
  }

  LedgerServer server() {
    return server;
  }

  ShakyDatabase database() {
    return database;
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(request(path).GET().build(), BodyHandlers.ofString());
  }

  HttpResponse<String> open(String account, long deposit) throws IOException, InterruptedException {
    String body = "{\"id\":\"%s\",\"deposit\":%d}".formatted(account, deposit);
    return http.send(
        request("/accounts").POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  HttpResponse<String> pay(String key, String body) throws IOException, InterruptedException {
    return http.send(payment(key, body), BodyHandlers.ofString());
  }

  CompletableFuture<HttpResponse<String>> payLater(String key, String body) {
    return http.sendAsync(payment(key, body), BodyHandlers.ofString());
  }

  static String transfer(String from, String to, long amount) {
    return "{\"from\":\"%s\",\"to\":\"%s\",\"amount\":%d}".formatted(from, to, amount);
  }

  private HttpRequest payment(String key, String body) {
    return request("/transfers")
        .header("Idempotency-Key", key)
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
        .timeout(Duration.ofSeconds(20));
  }

  Pid process(String name) {
    return server.node().whereis(name).orElseThrow();
  }

  void kill(String name) {
    server.node().exit(process(name), ExitReason.KILL);
  }

  /** Every row of every table: equal texts are equal books. */
  List<String> rows() throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (String table : List.of("accounts", "transfers", "entries")) {
        try (ResultSet row = statement.executeQuery("SELECT * FROM " + table + " ORDER BY 1, 2")) {
          while (row.next()) {
            StringBuilder text = new StringBuilder(table);
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
              text.append(' ').append(row.getString(i));
            }
            rows.add(text.toString());
          }
        }
      }
    }
    return rows;
  }

  Audit.Result audit(Acked... acked) throws SQLException {
    return Audit.of(url, List.of(acked));
  }

  @Override
  public void close() throws IOException {
    server.close();
    http.close();
  }
}
