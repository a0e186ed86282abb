package freshet.indexer.app;

import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.embedded.GrantsFile;
import freshet.replicator.command.Verb;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexCommit;
import org.apache.lucene.index.MultiBits;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.Bits;

/** A table of listings, its account, and a master's configuration and repository. */
record ListingMaster(DatabaseFixture database, Path folder) {
  private static final String PASSWORD = "only-for-tests";
  static final String TITLE = "{name: title, type: text}";
  static final String PRICE = "{name: price, type: long, sortable: true}";

  /** What a verb left. */
  record Run(int exitCode, String out, String err) {}

  void createTables() throws SQLException, IOException {
    sql(
        """
        CREATE TABLE listing (
          id BIGINT NOT NULL PRIMARY KEY, city VARCHAR(100) NOT NULL, title VARCHAR(200),
          price BIGINT,
          updated_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
            ON UPDATE CURRENT_TIMESTAMP(6),
          KEY by_version (updated_at, id))""",
        """
        CREATE TABLE listing_deleted (
          id BIGINT NOT NULL, deleted_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
          PRIMARY KEY (deleted_at, id))""");
    for (String grant :
        new GrantsFile(
                "'freshet'@'127.0.0.1'", PASSWORD, database.schema(), "listing", "listing_deleted")
            .statements(Path.of(System.getProperty("freshet.home", "..")))) {
      sql(grant);
    }
  }

  Path file() {
    return folder.resolve("indexer.yaml");
  }

  Path work() {
    return folder.resolve("data/index");
  }

  /** Writes the configuration with these fields and further keys of the table. */
  void configure(String fields, String more) throws IOException {
    configure(fields, more, "server: {listen: \"127.0.0.1:0\"}");
  }

  /** The same with the sections that follow, the server's among them. */
  void configure(String fields, String more, String sections) throws IOException {
    Files.writeString(
        file(),
        """
        source:
          endpoints: [{host: 127.0.0.1, port: %d}]
          database: %s
          user: freshet
          password: %s
          lag: {from: not_replicated}
          retry: {attempts: 1}
        table:
          name: listing
          key: [{column: id, type: bigint}]
          version: {column: updated_at, type: datetime(6)}
          city: city
          %s
          tombstones:
            table: listing_deleted
            key: [id]
            version: {column: deleted_at, type: datetime(6)}
        fields: [%s]
        %s
        """
            .formatted(
                database.pair().source().port(),
                database.schema(),
                PASSWORD,
                more,
                fields,
                sections));
  }

  void insert(long id) throws SQLException {
    sql(
        "INSERT INTO listing (id, city, title, price) VALUES (%d, 'city%d', 'flat %d', %d)"
            .formatted(id, id % 5, id, id * 10));
  }

  void delete(long id) throws SQLException {
    sql(
        "DELETE FROM listing WHERE id = " + id,
        "INSERT INTO listing_deleted (id) VALUES (" + id + ")");
  }

  void sql(String... statements) throws SQLException {
    try (Connection connection = database.source();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  Run indexer(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", file().toString()));
    int code =
        Verb.run(
            IndexerMain.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)),
            new IndexerFailures(),
            all.toArray(String[]::new));
    return new Run(code, out.toString(), err.toString());
  }

  LocalRepository repository() {
    return new LocalRepository(new RepositoryLayout(folder.resolve("data/repository")));
  }

  Snapshot snapshot() throws IOException {
    return repository().latestSnapshot().orElseThrow();
  }

  /** The table's rows as "city title price", by what the title says. */
  Map<String, String> table() throws SQLException {
    Map<String, String> rows = new TreeMap<>();
    try (Connection connection = database.source();
        Statement statement = connection.createStatement();
        ResultSet all = statement.executeQuery("SELECT city, title, price FROM listing")) {
      while (all.next()) {
        rows.put(all.getString(2), all.getString(1) + " " + all.getString(3));
      }
    }
    return rows;
  }

  /** The same of what is published. */
  Map<String, String> published() throws IOException {
    return contents(repository());
  }

  /** The same of what LATEST names in a repository, or in a slave's store. */
  static Map<String, String> contents(LocalRepository repository) throws IOException {
    Map<String, String> documents = new TreeMap<>();
    Optional<Snapshot> snapshot = repository.latestSnapshot();
    if (snapshot.isEmpty()) {
      return documents;
    }
    for (var entry : snapshot.get().cities().values()) {
      Path city = repository.layout().incarnation(entry.city(), entry.incarnation());
      String segments = repository.cityManifest(entry).segmentsFile();
      try (Directory directory = FSDirectory.open(city);
          DirectoryReader reader = DirectoryReader.open(commit(directory, segments))) {
        Bits live = MultiBits.getLiveDocs(reader);
        StoredFields stored = reader.storedFields();
        for (int doc = 0; doc < reader.maxDoc(); doc++) {
          if (live == null || live.get(doc)) {
            Document document = stored.document(doc);
            documents.merge(
                document.get("title"),
                entry.city().name() + " " + document.get("price"),
                (one, other) -> one + " and " + other);
          }
        }
      }
    }
    return documents;
  }

  private static IndexCommit commit(Directory directory, String segments) throws IOException {
    return DirectoryReader.listCommits(directory).stream()
        .filter(commit -> commit.getSegmentsFileName().equals(segments))
        .findFirst()
        .orElseThrow(() -> new NoSuchFileException(segments));
  }
}
