package freshet.indexer.demo.data;

import freshet.indexer.embedded.EmbeddedMariaDb;
import freshet.indexer.embedded.GrantsFile;
import freshet.indexer.embedded.ReplicationPair;
import freshet.indexer.embedded.ServerOptions;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A source and a replica with the demo's tables. The workload writes to the source by an account of
 * its own; Freshet reads the replica by an account that may do no more than it needs.
 */
public final class DemoDatabase implements AutoCloseable {
  /** Freshet's account. */
  public static final String READER = "freshet";

  private static final String WRITER = "demo_writer";
  private static final Duration LONGEST_CATCH_UP = Duration.ofSeconds(60);
  private static final int ROWS_PER_INSERT = 200;

  private final ReplicationPair pair;
  private final String readerPassword = password();
  private final String writerPassword = password();

  private DemoDatabase(ReplicationPair pair) {
    this.pair = pair;
  }

  /**
   * Starts both servers and makes tables and accounts.
   *
   * @param home the folder of conf/grants.sql's folder
   * @throws freshet.indexer.embedded.EmbeddedDatabaseException if a server does not start
   */
  public static DemoDatabase start(Path home, Time time) throws SQLException, IOException {
    DemoDatabase database =
        new DemoDatabase(
            ReplicationPair.start(
                EmbeddedMariaDb::start,
                ServerOptions.temporary(1).withBufferPool("128M"),
                ServerOptions.temporary(2).withBufferPool("128M").withReadOnly(),
                time));
    try {
      database.create(home);
      return database;
    } catch (SQLException | IOException | RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private void create(Path home) throws SQLException, IOException {
    String reader = "'" + READER + "'@'127.0.0.1'";
    String writer = "'" + WRITER + "'@'127.0.0.1'";
    try (Connection root = pair.source().connectAsRoot();
        Statement statement = root.createStatement()) {
      statement.execute("SET time_zone = '+00:00'");
      statement.execute("CREATE DATABASE " + ListingTable.DATABASE + " CHARACTER SET utf8mb4");
      statement.execute("USE " + ListingTable.DATABASE);
      for (String sql : ListingTable.DDL) {
        statement.execute(sql);
      }
      GrantsFile grants =
          new GrantsFile(
              reader,
              readerPassword,
              ListingTable.DATABASE,
              ListingTable.LISTINGS,
              ListingTable.DELETED);
      for (String sql : grants.statements(home)) {
        statement.execute(sql);
      }
      statement.execute(
          "GRANT SELECT ON %s.%s TO %s"
              .formatted(ListingTable.DATABASE, ListingTable.HEARTBEAT, reader));
      statement.execute("CREATE USER " + writer + " IDENTIFIED BY '" + writerPassword + "'");
      statement.execute(
          "GRANT SELECT, INSERT, UPDATE, DELETE ON " + ListingTable.DATABASE + ".* TO " + writer);
    }
  }

  /** Gives listings, one after another. */
  public interface Listings {
    /** Hands all of them to the sink. */
    void into(Sink sink) throws SQLException, DataFileException;
  }

  /** Takes listings. */
  public interface Sink {
    /** Takes one. */
    void accept(Listing listing) throws SQLException;
  }

  /** Inserts listings into the empty table, in bulk; returns how many once the replica has them. */
  public long load(Listings listings) throws SQLException, DataFileException {
    long[] loaded = {0};
    try (Connection source = writer()) {
      source.setAutoCommit(false);
      List<Listing> batch = new ArrayList<>();
      listings.into(
          listing -> {
            batch.add(listing);
            if (batch.size() == ROWS_PER_INSERT) {
              loaded[0] += flush(source, batch);
            }
          });
      loaded[0] += flush(source, batch);
    }
    awaitReplica();
    return loaded[0];
  }

  private static int flush(Connection source, List<Listing> batch) throws SQLException {
    int size = batch.size();
    if (size > 0) {
      ListingTable.insert(source, batch, null);
      source.commit();
      batch.clear();
    }
    return size;
  }

  /** A new connection to the source that may write; the caller closes it. */
  public Connection writer() throws SQLException {
    Connection connection = pair.source().connect(WRITER, writerPassword, ListingTable.DATABASE);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET time_zone = '+00:00'");
      // No gap locks: a transaction that stays open must not block inserts beside its rows.
      statement.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    return connection;
  }

  /** The port of the replica on 127.0.0.1, which Freshet polls. */
  public int replicaPort() {
    return pair.replica().port();
  }

  /** The password of {@link #READER}. */
  public String readerPassword() {
    return readerPassword;
  }

  /** Waits until the replica has executed everything that the source has committed. */
  public void awaitReplica() {
    pair.awaitCaughtUp(LONGEST_CATCH_UP);
  }

  /** The source's clock, in microseconds since 1970 UTC. */
  public long nowMicros() throws SQLException {
    try (Connection source = writer();
        Statement statement = source.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))")) {
      row.next();
      return row.getLong(1);
    }
  }

  /** The ids of all listings but the canary, and their cities, as the source has them. */
  public Contents contents() throws SQLException {
    String listings = "FROM listings WHERE id <> " + ListingTable.CANARY;
    List<String> cities = new ArrayList<>();
    ListingIds ids = new ListingIds();
    try (Connection source = writer();
        Statement statement = source.createStatement()) {
      try (ResultSet rows =
          statement.executeQuery("SELECT DISTINCT city " + listings + " ORDER BY city")) {
        while (rows.next()) {
          cities.add(rows.getString(1));
        }
      }
      try (ResultSet rows = statement.executeQuery("SELECT id " + listings + " ORDER BY id")) {
        while (rows.next()) {
          ids.add(rows.getLong(1));
        }
      }
    }
    return new Contents(ids, List.copyOf(cities));
  }

  /**
   * What the table holds.
   *
   * @param ids of the listings
   * @param cities that have one, in order
   */
  public record Contents(ListingIds ids, List<String> cities) {}

  private static String password() {
    byte[] bits = new byte[16];
    new SecureRandom().nextBytes(bits);
    return HexFormat.of().formatHex(bits);
  }

  @Override
  public void close() {
    pair.close();
  }
}
