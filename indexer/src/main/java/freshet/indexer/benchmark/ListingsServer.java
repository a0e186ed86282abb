package freshet.indexer.benchmark;

import freshet.indexer.connect.Credentials;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.connect.Tls;
import freshet.indexer.embedded.DatabaseServer;
import freshet.indexer.embedded.EmbeddedMariaDb;
import freshet.indexer.embedded.ServerOptions;
import freshet.indexer.session.LagSource;
import freshet.indexer.session.RetryOptions;
import freshet.indexer.session.SessionOptions;
import freshet.indexer.session.Timeouts;
import freshet.indexer.source.CheckOptions;
import freshet.indexer.source.Limits;
import freshet.indexer.source.SourceOptions;
import freshet.indexer.table.FieldColumns;
import freshet.indexer.table.KeyColumn;
import freshet.indexer.table.TableSpec;
import freshet.indexer.table.VersionColumn;
import freshet.indexer.table.VersionColumn.DateTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** A server of its own with a table of listings, of which any number is like any other. */
final class ListingsServer implements AutoCloseable {
  private static final String DATABASE = "benchmark";
  private static final long SEED = 7;
  private static final int ROWS_PER_INSERT = 500;
  private static final int CITIES = 200;
  private static final int BODY = 1_350;

  private static final List<FieldSpec> FIELDS =
      List.of(
          new FieldSpec("title", FieldType.TEXT, "english", false, true, false),
          new FieldSpec("body", FieldType.TEXT, "english", false, true, false),
          new FieldSpec("neighborhood", FieldType.KEYWORD, null, false, true, false),
          new FieldSpec("price", FieldType.LONG, null, false, true, true),
          new FieldSpec("bathrooms", FieldType.DOUBLE, null, false, true, true),
          new FieldSpec("posted", FieldType.DATE, null, false, true, true),
          new FieldSpec("position", FieldType.GEO_POINT, null, false, true, false));

  /** Every column, in the order of the index (version, key). */
  static final String ALL =
      "SELECT updated_at, id, city, title, body, neighborhood, price, bathrooms, posted, latitude,"
          + " longitude FROM listing ORDER BY updated_at, id";

  private final DatabaseServer server;
  private final int rows;

  private ListingsServer(DatabaseServer server, int rows) {
    this.server = server;
    this.rows = rows;
  }

  /** Starts and fills it. */
  static ListingsServer start(int rows, Time time) throws SQLException {
    DatabaseServer server =
        EmbeddedMariaDb.start(
            ServerOptions.temporary(1)
                .withBufferPool("512M")
                .withConfiguration("skip_log_bin", "innodb_flush_log_at_trx_commit=0"),
            time);
    ListingsServer listings = new ListingsServer(server, rows);
    try {
      listings.fill();
      return listings;
    } catch (SQLException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private void fill() throws SQLException {
    try (Connection root = server.connectAsRoot();
        Statement statement = root.createStatement()) {
      statement.execute("CREATE DATABASE " + DATABASE + " CHARACTER SET utf8mb4");
      statement.execute("USE " + DATABASE);
      statement.execute(
          """
          CREATE TABLE listing (
            id BIGINT NOT NULL PRIMARY KEY, city VARCHAR(60) NOT NULL, title VARCHAR(200),
            body MEDIUMTEXT, neighborhood VARCHAR(60), price INT, bathrooms DECIMAL(4,1),
            posted DATETIME, latitude DOUBLE, longitude DOUBLE, updated_at DATETIME(6) NOT NULL,
            KEY by_version (updated_at, id))""");
      Random random = new Random(SEED);
      for (int from = 1; from <= rows; from += ROWS_PER_INSERT) {
        statement.execute(insert(random, from, Math.min(rows + 1, from + ROWS_PER_INSERT)));
      }
      statement.execute("ANALYZE TABLE listing");
    }
  }

  private static String insert(Random random, int from, int to) {
    StringBuilder sql = new StringBuilder("INSERT INTO listing VALUES ");
    for (int id = from; id < to; id++) {
      sql.append(id == from ? "" : ",")
          .append(
              String.format(
                  Locale.ROOT,
                  "(%d,'city %d','%s','%s','%s',%d,%.1f,'2026-01-01'+INTERVAL %d MINUTE,%.5f,%.5f,"
                      + "UTC_TIMESTAMP(6)-INTERVAL %d MINUTE)",
                  id,
                  random.nextInt(CITIES),
                  words(random, 50),
                  words(random, BODY),
                  words(random, 12),
                  random.nextInt(5_000),
                  random.nextInt(8) / 2.0,
                  id,
                  random.nextDouble(-60, 60),
                  random.nextDouble(-180, 180),
                  // Behind the overlap, so that an idle poll costs what it does on a quiet table.
                  100 + id / 100));
    }
    return sql.toString();
  }

  private static String words(Random random, int length) {
    StringBuilder text = new StringBuilder(length + 12);
    while (text.length() < length) {
      for (int i = 3 + random.nextInt(7); i > 0; i--) {
        text.append((char) ('a' + random.nextInt(26)));
      }
      text.append(' ');
    }
    return text.toString().strip();
  }

  int rows() {
    return rows;
  }

  /** Of a row's columns, on average. */
  int rowBytes() throws SQLException {
    try (Connection root = connect();
        Statement statement = root.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT AVG(OCTET_LENGTH(CONCAT_WS('', updated_at, id, city, title, body,"
                    + " neighborhood, price, bathrooms, posted, latitude, longitude)))"
                    + " FROM listing")) {
      if (!row.next()) {
        throw new SQLException("the average of a table is one row");
      }
      return row.getInt(1);
    }
  }

  Connection connect() throws SQLException {
    return server.connect(server.rootUser(), server.rootPassword(), DATABASE);
  }

  static IndexSchema schema() {
    return new IndexSchema(1, List.of(KeyType.BIGINT), FIELDS, List.of("title", "body"));
  }

  SourceOptions options() {
    return new SourceOptions(
        new SessionOptions(
            List.of(new Endpoint("127.0.0.1", server.port())),
            DATABASE,
            new Credentials(server.rootUser(), server::rootPassword),
            new Tls.Off(),
            new LagSource.NotReplicated(),
            Timeouts.DEFAULT,
            RetryOptions.DEFAULT,
            SessionOptions.DEFAULT_MAX_AGE,
            SessionOptions.DEFAULT_MAX_LAG,
            SessionOptions.DEFAULT_CONCURRENT_CONNECTS),
        Limits.DEFAULT,
        SourceOptions.DEFAULT_OVERLAP,
        new CheckOptions(
            CheckOptions.DEFAULT_SWEEP_EVERY,
            CheckOptions.DEFAULT_SWEEP_REACH,
            CheckOptions.DEFAULT_DIFF_EVERY,
            CheckOptions.DEFAULT_WAIT_FOR_TRANSACTIONS),
        new TableSpec(
            "listing",
            List.of(new KeyColumn("id", KeyType.BIGINT)),
            new VersionColumn("updated_at", new DateTime(6)),
            "city",
            List.of(
                FieldColumns.of("title", "title"),
                FieldColumns.of("body", "body"),
                FieldColumns.of("neighborhood", "neighborhood"),
                FieldColumns.of("price", "price"),
                FieldColumns.of("bathrooms", "bathrooms"),
                FieldColumns.of("posted", "posted"),
                new FieldColumns(
                    "position", List.of("latitude", "longitude"), FieldColumns.ListFormat.COMMAS)),
            null),
        null);
  }

  @Override
  public void close() {
    server.close();
  }
}
