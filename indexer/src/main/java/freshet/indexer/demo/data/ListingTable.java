package freshet.indexer.demo.data;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The tables of the demo, and the statements that the demo sends. */
public final class ListingTable {
  /** The database's name. */
  public static final String DATABASE = "freshet_demo";

  /** The documents. */
  public static final String LISTINGS = "listings";

  /** The tombstones, written by a trigger. */
  public static final String DELETED = "listings_deleted";

  /** One row that is updated all the time, by which a replica's lag is measured. */
  public static final String HEARTBEAT = "heartbeat";

  /** The key of the canary, a listing that nobody else changes. */
  public static final long CANARY = 0;

  /** How often the canary is written. */
  public static final Duration CANARY_EVERY = Duration.ofSeconds(1);

  static final List<String> DDL =
      List.of(
          // Names of cities that differ in case or accents are different cities.
          """
          CREATE TABLE listings (
            id BIGINT NOT NULL PRIMARY KEY,
            city VARCHAR(200) NOT NULL,
            title VARCHAR(300) NOT NULL,
            body MEDIUMTEXT NOT NULL,
            price BIGINT NULL,
            neighborhood VARCHAR(200) NULL,
            latitude DOUBLE NULL,
            longitude DOUBLE NULL,
            bedrooms BIGINT NULL,
            bathrooms DOUBLE NULL,
            sqft BIGINT NULL,
            housing_type VARCHAR(200) NULL,
            posted DATETIME NULL,
            url VARCHAR(500) NULL,
            updated_at DATETIME(6) NOT NULL,
            KEY updated (updated_at, id)
          ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
          """,
          """
          CREATE TABLE listings_deleted (
            id BIGINT NOT NULL PRIMARY KEY,
            deleted_at DATETIME(6) NOT NULL,
            KEY deleted (deleted_at, id)
          ) ENGINE=InnoDB
          """,
          """
          CREATE TRIGGER listings_tombstone AFTER DELETE ON listings FOR EACH ROW
            INSERT INTO listings_deleted (id, deleted_at) VALUES (OLD.id, UTC_TIMESTAMP(6))
              ON DUPLICATE KEY UPDATE deleted_at = VALUES(deleted_at)
          """,
          "CREATE TABLE heartbeat (id INT NOT NULL PRIMARY KEY, beat_at DATETIME(6) NOT NULL)",
          "INSERT INTO heartbeat VALUES (1, UTC_TIMESTAMP(6))");

  static final String BEAT = "UPDATE heartbeat SET beat_at = UTC_TIMESTAMP(6) WHERE id = 1";

  static final String CANARY_BEAT =
      "INSERT INTO listings (id, city, title, body, updated_at) VALUES (%d, 'canary', 'canary', 'canary', UTC_TIMESTAMP(6)) ON DUPLICATE KEY UPDATE updated_at = UTC_TIMESTAMP(6)"
          .formatted(CANARY);

  /** The columns in the order of {@link #bind} and {@link #listing}. */
  static final String COLUMNS =
      "id, city, title, body, price, neighborhood, latitude, longitude, bedrooms, bathrooms, sqft,"
          + " housing_type, posted, url";

  /** Reads everything, for {@link #listing} and {@link #version}. */
  public static final String ALL_BY_ID =
      "SELECT "
          + COLUMNS
          + ", TIMESTAMPDIFF(MICROSECOND, '1970-01-01', updated_at) FROM listings ORDER BY id";

  private static final int COLUMN_COUNT = 14;

  // A null stamp is "now": by the statement, so that a transaction can stamp early, commit late.
  private static final String ROW =
      "(" + "?,".repeat(COLUMN_COUNT) + " COALESCE(?, UTC_TIMESTAMP(6)))";

  private static final DateTimeFormatter DATETIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

  private ListingTable() {}

  /** Inserts listings by one statement. */
  static void insert(Connection connection, List<Listing> listings, @Nullable String stamp)
      throws SQLException {
    String rows = String.join(",", Collections.nCopies(listings.size(), ROW));
    String sql = "INSERT INTO listings (" + COLUMNS + ", updated_at) VALUES " + rows;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      int at = 1;
      for (Listing listing : listings) {
        at = bind(statement, at, listing);
        statement.setString(at++, stamp);
      }
      statement.executeUpdate();
    }
  }

  /** Reads a listing that exists. */
  static Listing select(Connection connection, long id) throws SQLException {
    String sql = "SELECT " + COLUMNS + " FROM listings WHERE id = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, id);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw new SQLException("listing " + id + " is gone, though nothing deleted it");
        }
        return listing(row);
      }
    }
  }

  /** Sets one column of a listing. */
  static void update(
      Connection connection, long id, String column, Object value, @Nullable String stamp)
      throws SQLException {
    String sql =
        "UPDATE listings SET "
            + column
            + " = ?, updated_at = COALESCE(?, UTC_TIMESTAMP(6)) WHERE id = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, value);
      statement.setString(2, stamp);
      statement.setLong(3, id);
      expectOne(statement.executeUpdate(), "update", id);
    }
  }

  /** Deletes a listing; the trigger writes its tombstone. */
  static void delete(Connection connection, long id) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("DELETE FROM listings WHERE id = ?")) {
      statement.setLong(1, id);
      expectOne(statement.executeUpdate(), "delete", id);
    }
  }

  private static void expectOne(int rows, String verb, long id) throws SQLException {
    if (rows != 1) {
      throw new SQLException(verb + " of listing " + id + " changed " + rows + " rows, not 1");
    }
  }

  /** The listing of a row that selected {@link #COLUMNS} first. */
  public static Listing listing(ResultSet row) throws SQLException {
    String posted = row.getString(13);
    return new Listing(
        row.getLong(1),
        Objects.requireNonNull(row.getString(2)),
        Objects.requireNonNull(row.getString(3)),
        Objects.requireNonNull(row.getString(4)),
        row.getObject(5, Long.class),
        row.getString(6),
        row.getObject(7, Double.class),
        row.getObject(8, Double.class),
        row.getObject(9, Long.class),
        row.getObject(10, Double.class),
        row.getObject(11, Long.class),
        row.getString(12),
        posted == null ? null : LocalDateTime.parse(posted.substring(0, 19), DATETIME),
        row.getString(14));
  }

  /** The version in a row of {@link #ALL_BY_ID}, in microseconds since 1970 UTC. */
  public static long version(ResultSet row) throws SQLException {
    return row.getLong(COLUMN_COUNT + 1);
  }

  private static int bind(PreparedStatement statement, int from, Listing listing)
      throws SQLException {
    int at = from;
    statement.setLong(at++, listing.id());
    statement.setString(at++, listing.city());
    statement.setString(at++, listing.title());
    statement.setString(at++, listing.body());
    statement.setObject(at++, listing.price(), Types.BIGINT);
    statement.setString(at++, listing.neighborhood());
    statement.setObject(at++, listing.latitude(), Types.DOUBLE);
    statement.setObject(at++, listing.longitude(), Types.DOUBLE);
    statement.setObject(at++, listing.bedrooms(), Types.BIGINT);
    statement.setObject(at++, listing.bathrooms(), Types.DOUBLE);
    statement.setObject(at++, listing.sqft(), Types.BIGINT);
    statement.setString(at++, listing.housingType());
    LocalDateTime posted = listing.posted();
    // As text: no driver and no JVM gets a chance to move it to another zone.
    statement.setString(at++, posted == null ? null : DATETIME.format(posted));
    statement.setString(at++, listing.url());
    return at;
  }
}
