package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.source.Listings;
import freshet.replicator.command.Verb;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A table of columns of any types, and the verbs of bin/indexer over it, in one folder. */
record TypeTable(DatabaseFixture database, Path folder, String name) {
  /** As an application that doesn't mind zero dates. */
  private static final String SESSION = "SET time_zone = '+00:00', sql_mode = ''";

  TypeTable(DatabaseFixture database, Path folder) {
    this(database, folder, "typed");
  }

  /** Creates the table, with the columns that every table has, and the account. */
  void create(String key, List<String> columns) throws SQLException, IOException {
    List<String> statements = new ArrayList<>(List.of(SESSION));
    statements.add(
        "CREATE TABLE %s (%s, city VARCHAR(20), v DATETIME(6) NOT NULL, %s, KEY (v)) DEFAULT CHARSET utf8mb4"
            .formatted(name, key, String.join(", ", columns)));
    statements.add(
        "CREATE USER IF NOT EXISTS 'freshet'@'127.0.0.1' IDENTIFIED BY '%s'"
            .formatted(Listings.PASSWORD));
    statements.add("GRANT SELECT ON %s.* TO 'freshet'@'127.0.0.1'".formatted(database.schema()));
    sql(statements.toArray(String[]::new));
  }

  void insert(List<String> rows) throws SQLException {
    sql(SESSION, "INSERT INTO %s VALUES %s".formatted(name, String.join(",\n", rows)));
  }

  void sql(String... statements) throws SQLException {
    try (Connection connection = database.source()) {
      Listings.execute(connection, statements);
    }
  }

  void configure(String key, List<String> fields, String... ofTable) throws IOException {
    Files.writeString(
        folder.resolve("indexer.yaml"),
        """
        source:
          endpoints: [{host: 127.0.0.1, port: %d}]
          database: %s
          user: freshet
          password: %s
          lag: {from: not_replicated}
          retry: {attempts: 1}
        table:
          name: %s
          key: [%s]
          version: {column: v, type: datetime(6)}
          city: city
          %s
        fields:
          - %s
        server: {listen: "127.0.0.1:0"}
        """
            .formatted(
                database.pair().source().port(),
                database.schema(),
                Listings.PASSWORD,
                name,
                key,
                String.join("\n  ", ofTable),
                String.join("\n  - ", fields)));
  }

  /** Runs a verb, which has to end with this code; what it printed and said. */
  String run(int code, String... arguments) {
    StringWriter out = new StringWriter();
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", folder.resolve("indexer.yaml").toString()));
    int ended =
        Verb.run(
            IndexerMain.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(out)),
            new IndexerFailures(),
            all.toArray(String[]::new));
    assertThat(ended).as(out.toString()).isEqualTo(code);
    return out.toString();
  }

  LocalRepository repository() {
    return new LocalRepository(new RepositoryLayout(folder.resolve("data/repository")));
  }
}
