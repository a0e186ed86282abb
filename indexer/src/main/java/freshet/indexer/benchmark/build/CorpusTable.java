package freshet.indexer.benchmark.build;

import freshet.indexer.demo.data.Listing;
import freshet.indexer.embedded.DatabaseServer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A table of listings in a database of its own, which changes on request. Its rows were last
 * changed between 90 and 2 days ago, so that neither overlap nor sweep look at them. Not
 * thread-safe.
 */
public final class CorpusTable {
  /** What a document's values are made of, in the order of {@link Fields}, and the rest. */
  static final String ALL =
      "SELECT id, city, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', updated_at), title, body,"
          + " neighborhood, price, bedrooms, bathrooms,"
          + " TIMESTAMPDIFF(SECOND, '1970-01-01', posted), latitude, longitude FROM listing";

  private static final long SEED = 11;
  private static final int ROWS_AT_ONCE = 250;
  private static final long OLDEST_DAYS = 90;
  private static final long NEWEST_DAYS = 2;

  /** A city keeps this many documents. */
  private static final int FEWEST = 5;

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

  private final DatabaseServer server;
  private final String database;
  private final Corpus corpus;
  private final Random random = new Random(SEED);
  private final List<List<Long>> idsByCity = new ArrayList<>();
  private long lastId;

  private CorpusTable(DatabaseServer server, String database, Corpus corpus) {
    this.server = server;
    this.database = database;
    this.corpus = corpus;
    corpus.cities().forEach(city -> idsByCity.add(new ArrayList<>()));
  }

  /**
   * What one transaction changed.
   *
   * @param since the database's clock before it
   * @param cities that it concerns
   * @param textBytes of the texts of new and changed documents, in UTF-8
   * @param written new and changed documents, and their cities
   * @param deleted documents that are gone, and their cities
   * @param stamp of all of them, by the database's clock in UTC
   */
  public record Change(
      String since,
      SortedSet<String> cities,
      long textBytes,
      Map<Long, String> written,
      Map<Long, String> deleted,
      LocalDateTime stamp) {}

  /** Makes a table and fills it. */
  public static CorpusTable fill(
      DatabaseServer server, String database, Corpus corpus, int documents, Instant now)
      throws SQLException {
    CorpusTable table = new CorpusTable(server, database, corpus);
    try (Connection root = server.connectAsRoot();
        Statement statement = root.createStatement()) {
      statement.execute("CREATE DATABASE " + database + " CHARACTER SET utf8mb4");
      statement.execute("USE " + database);
      statement.execute(
          """
          CREATE TABLE listing (
            id BIGINT NOT NULL PRIMARY KEY, city VARCHAR(60) NOT NULL, title VARCHAR(300) NOT NULL,
            body MEDIUMTEXT NOT NULL, neighborhood VARCHAR(200), price BIGINT, bedrooms BIGINT,
            bathrooms DOUBLE, posted DATETIME, latitude DOUBLE, longitude DOUBLE,
            updated_at DATETIME(6) NOT NULL,
            KEY by_version (updated_at, id), KEY by_city (city, updated_at))""");
      statement.execute(
          """
          CREATE TABLE listing_deleted (
            id BIGINT NOT NULL PRIMARY KEY, city VARCHAR(60) NOT NULL,
            deleted_at DATETIME(6) NOT NULL,
            KEY by_version (deleted_at, id), KEY by_city (city, deleted_at))""");
    }
    try (Connection connection = table.connect()) {
      connection.setAutoCommit(false);
      table.load(connection, documents, LocalDateTime.ofInstant(now, ZoneOffset.UTC));
      connection.commit();
    }
    return table;
  }

  /** The name of its database. */
  public String database() {
    return database;
  }

  /** The server that it is on. */
  public DatabaseServer server() {
    return server;
  }

  /** Names of the cities. */
  public List<String> cities() {
    return corpus.cities();
  }

  /** Rows that it has now. */
  public long documents() {
    return idsByCity.stream().mapToLong(List::size).sum();
  }

  Connection connect() throws SQLException {
    return server.connect(server.rootUser(), server.rootPassword(), database);
  }

  /** Changes documents of all cities, each of them at least once if there are enough changes. */
  public Change change(int changes) throws SQLException {
    List<Integer> drawn = new ArrayList<>();
    for (int i = 0; i < changes; i++) {
      drawn.add(i < idsByCity.size() ? i : cityOfAnyDocument());
    }
    return apply(drawn);
  }

  /** Changes documents of these first cities, in turns. */
  public Change changeFew(int changes, int cities) throws SQLException {
    List<Integer> drawn = new ArrayList<>();
    for (int i = 0; i < changes; i++) {
      drawn.add(i % cities);
    }
    return apply(drawn);
  }

  /** Changes one or two documents of each city. */
  public Change changeEverywhere() throws SQLException {
    List<Integer> drawn = new ArrayList<>();
    for (int city = 0; city < idsByCity.size(); city++) {
      drawn.addAll(Collections.nCopies(1 + random.nextInt(2), city));
    }
    return apply(drawn);
  }

  /** Changes any documents. */
  public Change changeAnywhere(int changes) throws SQLException {
    List<Integer> drawn = new ArrayList<>();
    for (int i = 0; i < changes; i++) {
      drawn.add(cityOfAnyDocument());
    }
    return apply(drawn);
  }

  /** Whether there is a document of this number. */
  public boolean has(long id) {
    return idsByCity.stream().anyMatch(ids -> ids.contains(id));
  }

  private int cityOfAnyDocument() {
    long at = random.nextLong(documents());
    int city = 0;
    while (at >= idsByCity.get(city).size()) {
      at -= idsByCity.get(city).size();
      city++;
    }
    return city;
  }

  private record Row(long id, Corpus.Document document, String stamp) {}

  private void load(Connection connection, int documents, LocalDateTime now) throws SQLException {
    LocalDateTime oldest = now.minusDays(OLDEST_DAYS);
    long stepNanos = (OLDEST_DAYS - NEWEST_DAYS) * 86_400_000_000_000L / documents;
    List<Row> rows = new ArrayList<>();
    for (long i = 0; i < documents; i++) {
      Corpus.Document document = corpus.next();
      rows.add(
          new Row(newId(document.city()), document, STAMP.format(oldest.plusNanos(i * stepNanos))));
      if (rows.size() == ROWS_AT_ONCE) {
        write(connection, rows);
        rows.clear();
      }
    }
    write(connection, rows);
  }

  private long newId(String city) {
    lastId++;
    idsByCity.get(corpus.cities().indexOf(city)).add(lastId);
    return lastId;
  }

  /** Half of them are updates, a tenth deletions, the rest new documents. */
  private Change apply(List<Integer> drawn) throws SQLException {
    try (Connection connection = connect()) {
      connection.setAutoCommit(false);
      String since = now(connection);
      // What is stamped now must not be stamped as the boundary is.
      String stamp = now(connection);
      while (stamp.equals(since)) {
        stamp = now(connection);
      }
      SortedSet<String> cities = new TreeSet<>();
      List<Row> written = new ArrayList<>();
      Map<Long, String> deleted = new HashMap<>();
      List<Runnable> giveBack = new ArrayList<>();
      for (int city : drawn) {
        String name = corpus.cities().get(city);
        cities.add(name);
        List<Long> ids = idsByCity.get(city);
        int kind = random.nextInt(10);
        if (kind == 0 && ids.size() > FEWEST) {
          long id = ids.remove(random.nextInt(ids.size()));
          delete(connection, id, name, stamp);
          deleted.put(id, name);
        } else if (kind <= 5 && !ids.isEmpty()) {
          // Taken out until the end, so that nothing happens to it twice.
          long id = ids.remove(random.nextInt(ids.size()));
          giveBack.add(() -> ids.add(id));
          written.add(new Row(id, corpus.inCity(city), stamp));
        } else {
          written.add(new Row(newId(name), corpus.inCity(city), stamp));
        }
      }
      for (int from = 0; from < written.size(); from += ROWS_AT_ONCE) {
        write(connection, written.subList(from, Math.min(written.size(), from + ROWS_AT_ONCE)));
      }
      connection.commit();
      giveBack.forEach(Runnable::run);
      long bytes = 0;
      for (Row row : written) {
        bytes += utf8(row.document.listing().title()) + utf8(row.document.listing().body());
      }
      Map<Long, String> byId = new HashMap<>();
      written.forEach(row -> byId.put(row.id, row.document.city()));
      return new Change(since, cities, bytes, byId, deleted, LocalDateTime.parse(stamp, STAMP));
    }
  }

  private static int utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static String now(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT CAST(SYSDATE(6) AS CHAR)")) {
      row.next();
      return row.getString(1);
    }
  }

  private static void delete(Connection connection, long id, String city, String stamp)
      throws SQLException {
    try (PreparedStatement row = connection.prepareStatement("DELETE FROM listing WHERE id = ?");
        PreparedStatement tombstone =
            connection.prepareStatement("INSERT INTO listing_deleted VALUES (?, ?, ?)")) {
      row.setLong(1, id);
      row.executeUpdate();
      tombstone.setLong(1, id);
      tombstone.setString(2, city);
      tombstone.setString(3, stamp);
      tombstone.executeUpdate();
    }
  }

  private static void write(Connection connection, List<Row> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    String sql =
        "REPLACE INTO listing VALUES "
            + String.join(",", Collections.nCopies(rows.size(), "(?,?,?,?,?,?,?,?,?,?,?,?)"));
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      int at = 1;
      for (Row row : rows) {
        Listing listing = row.document.listing();
        LocalDateTime posted = listing.posted();
        statement.setLong(at++, row.id);
        statement.setString(at++, row.document.city());
        statement.setString(at++, listing.title());
        statement.setString(at++, listing.body());
        statement.setString(at++, listing.neighborhood());
        statement.setObject(at++, listing.price());
        statement.setObject(at++, listing.bedrooms());
        statement.setObject(at++, listing.bathrooms());
        statement.setString(at++, posted == null ? null : STAMP.format(posted));
        statement.setObject(at++, listing.latitude());
        statement.setObject(at++, listing.longitude());
        statement.setString(at++, row.stamp);
      }
      statement.executeUpdate();
    }
  }
}
