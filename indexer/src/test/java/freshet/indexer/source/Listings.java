package freshet.indexer.source;

import freshet.indexer.connect.Credentials;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.connect.Tls;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.embedded.DatabaseServer;
import freshet.indexer.embedded.GrantsFile;
import freshet.indexer.quarantine.ListQuarantine;
import freshet.indexer.quarantine.Quarantine;
import freshet.indexer.session.ConnectGate;
import freshet.indexer.session.LagSource;
import freshet.indexer.session.RetryOptions;
import freshet.indexer.session.SessionListener;
import freshet.indexer.session.SessionOptions;
import freshet.indexer.session.Sessions;
import freshet.indexer.session.Timeouts;
import freshet.indexer.table.FieldColumns;
import freshet.indexer.table.KeyColumn;
import freshet.indexer.table.TableSpec;
import freshet.indexer.table.Tombstones;
import freshet.indexer.table.VersionColumn;
import freshet.indexer.table.VersionColumn.DateTime;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A table of listings with tombstones, and sources that poll it by the account of grants.sql. */
public final class Listings {
  public static final String PASSWORD = "only-for-tests";

  /** ER_NO_SUCH_THREAD. */
  private static final int NO_SUCH_THREAD = 1094;

  public static final IndexSchema SCHEMA =
      new IndexSchema(
          1,
          List.of(KeyType.BIGINT),
          List.of(
              new FieldSpec("title", FieldType.TEXT, "english", false, true, false),
              new FieldSpec("price", FieldType.DOUBLE, null, false, true, true),
              new FieldSpec("rooms", FieldType.LONG, null, false, true, true),
              new FieldSpec("pets", FieldType.BOOLEAN, null, false, true, false),
              new FieldSpec("posted", FieldType.DATE, null, false, true, true),
              new FieldSpec("at", FieldType.GEO_POINT, null, false, true, false),
              new FieldSpec("tags", FieldType.KEYWORD, null, true, true, false)),
          List.of("title"));

  /** Of two texts. */
  public static final IndexSchema TEXTS =
      new IndexSchema(
          1,
          List.of(KeyType.BIGINT),
          List.of(
              new FieldSpec("title", FieldType.TEXT, "english", false, true, false),
              new FieldSpec("more", FieldType.TEXT, "english", false, true, false)),
          List.of("title"));

  private static final List<FieldColumns> FIELDS =
      List.of(
          FieldColumns.of("title", "title"),
          FieldColumns.of("price", "price"),
          FieldColumns.of("rooms", "rooms"),
          FieldColumns.of("pets", "pets"),
          FieldColumns.of("posted", "posted"),
          new FieldColumns("at", List.of("lat", "lon"), FieldColumns.ListFormat.COMMAS),
          FieldColumns.of("tags", "tags"));

  private final String database;
  private final int digits;
  public final ListQuarantine setAside = new ListQuarantine();
  public Quarantine quarantine = setAside;
  private final int deletedDigits;
  public StopSignal stop = new StopSignal();
  public Timeouts timeouts =
      new Timeouts(
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofSeconds(60));
  public RetryOptions retry =
      new RetryOptions(3, Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofSeconds(2));
  public Limits limits = Limits.DEFAULT;
  public LagSource lag = new LagSource.NotReplicated();
  public Duration maxAge = SessionOptions.DEFAULT_MAX_AGE;
  public Duration maxLag = SessionOptions.DEFAULT_MAX_LAG;
  public SessionListener listener = SessionListener.NONE;
  public Time time = new SystemTime();
  public String password = PASSWORD;
  public @Nullable String searchableIf;
  public Duration overlap = SourceOptions.DEFAULT_OVERLAP;
  public CheckOptions checks =
      new CheckOptions(
          CheckOptions.DEFAULT_SWEEP_EVERY,
          CheckOptions.DEFAULT_SWEEP_REACH,
          CheckOptions.DEFAULT_DIFF_EVERY,
          CheckOptions.DEFAULT_WAIT_FOR_TRANSACTIONS);
  public boolean hasTombstones = true;
  public Duration keptFor = Duration.ofDays(30);
  public SourceMemory memory = new VolatileMemory();

  private Listings(String database, int digits, int deletedDigits) {
    this.database = database;
    this.digits = digits;
    this.deletedDigits = deletedDigits;
  }

  /** Creates tables and account. */
  public static Listings create(DatabaseFixture fixture, int digits)
      throws SQLException, IOException {
    return create(fixture, digits, digits);
  }

  /** Creates tables and account, with another precision of tombstones. */
  static Listings create(DatabaseFixture fixture, int digits, int deletedDigits)
      throws SQLException, IOException {
    try (Connection root = fixture.source()) {
      return create(root, fixture.schema(), digits, deletedDigits);
    }
  }

  /** Creates tables and account in a database that exists. */
  public static Listings create(Connection root, String database, int digits)
      throws SQLException, IOException {
    return create(root, database, digits, digits);
  }

  private static Listings create(Connection root, String database, int digits, int deletedDigits)
      throws SQLException, IOException {
    execute(
        root,
        """
        CREATE TABLE listing (
          id BIGINT NOT NULL PRIMARY KEY, city VARCHAR(300), title MEDIUMTEXT, price DECIMAL(10,2),
          rooms INT, pets TINYINT(1), posted DATETIME, lat DOUBLE, lon DOUBLE, tags VARCHAR(200),
          updated_at DATETIME(%d) NULL, KEY by_version (updated_at, id)) DEFAULT CHARSET utf8mb4"""
            .formatted(digits),
        """
        CREATE TABLE listing_deleted (
          id BIGINT NOT NULL, deleted_at DATETIME(%d) NOT NULL, PRIMARY KEY (deleted_at, id))"""
            .formatted(deletedDigits));
    for (String statement : grants(database)) {
      execute(root, statement);
    }
    return new Listings(database, digits, deletedDigits);
  }

  /** The statements of conf/grants.sql, with the names of a test. */
  public static List<String> grants(String database) throws IOException {
    return new GrantsFile("'freshet'@'127.0.0.1'", PASSWORD, database, "listing", "listing_deleted")
        .statements(Path.of(System.getProperty("freshet.home", "..")));
  }

  public static void execute(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Ends a connection, unless it has ended by itself since it was listed. */
  public static void kill(Connection root, long id) throws SQLException {
    try {
      execute(root, "KILL " + id);
    } catch (SQLException e) {
      if (e.getErrorCode() != NO_SUCH_THREAD) {
        throw e;
      }
    }
  }

  public SourceOptions options(List<Endpoint> endpoints) {
    return new SourceOptions(
        new SessionOptions(
            endpoints,
            database,
            new Credentials("freshet", () -> password),
            new Tls.Off(),
            lag,
            timeouts,
            retry,
            maxAge,
            maxLag,
            SessionOptions.DEFAULT_CONCURRENT_CONNECTS),
        limits,
        overlap,
        checks,
        new TableSpec(
            "listing",
            List.of(new KeyColumn("id", KeyType.BIGINT)),
            new VersionColumn("updated_at", new DateTime(digits)),
            "city",
            FIELDS,
            searchableIf),
        hasTombstones
            ? new Tombstones(
                "listing_deleted",
                List.of("id"),
                new VersionColumn("deleted_at", new DateTime(deletedDigits)),
                keptFor)
            : null);
  }

  public static Endpoint endpoint(DatabaseServer server) {
    return new Endpoint("127.0.0.1", server.port());
  }

  /** A source that polls these servers, and notes in {@link #setAside} what it sets aside. */
  public MySqlSource source(Endpoint... endpoints) {
    return source(options(List.of(endpoints)), SCHEMA);
  }

  /** A source with other options. */
  public MySqlSource source(SourceOptions options, IndexSchema schema) {
    return new MySqlSource(
        options,
        schema,
        new Sessions(
            options.session(),
            new ConnectGate(options.session()),
            time,
            new Random(1),
            stop,
            listener),
        time,
        stop,
        quarantine,
        memory);
  }

  /** A source of two texts, the second from this column. */
  public MySqlSource sourceOfTexts(String column, Endpoint endpoint) {
    SourceOptions base = options(List.of(endpoint));
    TableSpec table =
        new TableSpec(
            "listing",
            base.table().key(),
            base.table().version(),
            "city",
            List.of(FieldColumns.of("title", "title"), FieldColumns.of("more", column)),
            null);
    SourceOptions options =
        new SourceOptions(
            base.session(), base.limits(), base.overlap(), base.checks(), table, base.tombstones());
    return source(options, TEXTS);
  }

  public MySqlSource source(DatabaseServer server) {
    return source(endpoint(server));
  }
}
