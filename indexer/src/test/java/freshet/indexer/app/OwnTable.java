package freshet.indexer.app;

import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.embedded.DatabaseServer;
import freshet.replicator.app.ReplicatorMain;
import freshet.replicator.command.Verb;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Verbs, as somebody would call them who comes with a table. */
record OwnTable(DatabaseFixture database, Path folder) {

  /** What a verb left. */
  record Run(int exitCode, String out, String err) {}

  /** Runs init as root for a table, with further options, of which the last one counts. */
  Run init(String table, String... options) throws IOException {
    Path password = folder.resolve("password");
    Files.writeString(password, server().rootPassword() + "\n");
    Map<String, String> all = new LinkedHashMap<>();
    all.put("--url", "jdbc:mysql://127.0.0.1:%d/%s".formatted(server().port(), database.schema()));
    all.put("--user", server().rootUser());
    all.put("--password-file", password.toString());
    all.put("--table", table);
    all.put("--output", file(table).toString());
    for (int i = 0; i < options.length; i += 2) {
      all.put(options[i], options[i + 1]);
    }
    return indexer(
        Stream.concat(
                Stream.of("init"),
                all.entrySet().stream().flatMap(one -> Stream.of(one.getKey(), one.getValue())))
            .toArray(String[]::new));
  }

  /** What init writes. */
  Path file(String table) {
    return folder.resolve(table + ".yaml");
  }

  /** Has a file's server listen wherever there is room: tests run beside each other. */
  void anyPort(Path file, int port) throws IOException {
    Files.writeString(
        file, Files.readString(file).replace("listen: 127.0.0.1:" + port, "listen: 127.0.0.1:0"));
  }

  /** Runs the statements that init printed, as they stand there. */
  void execute(Run init) throws SQLException {
    List<String> statements =
        init.out().lines().filter(line -> line.endsWith(";") && !line.startsWith("--")).toList();
    sql(statements.toArray(String[]::new));
  }

  void sql(String... statements) throws SQLException {
    try (Connection connection = database.source();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  long count(String query) throws SQLException {
    try (Connection connection = database.source();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  DatabaseServer server() {
    return database.pair().source();
  }

  static Run indexer(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        IndexerMain.commandLine(arguments)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err));
    return new Run(
        Verb.run(line, new IndexerFailures(), arguments), out.toString(), err.toString());
  }

  static Run replicator(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        ReplicatorMain.commandLine(arguments)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err));
    return new Run(line.execute(arguments), out.toString(), err.toString());
  }
}
