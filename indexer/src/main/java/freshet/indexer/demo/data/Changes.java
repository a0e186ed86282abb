package freshet.indexer.demo.data;

import freshet.replicator.runtime.StopSignal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Changes the table, one change at a time, on a connection of its own. Used by one thread. */
final class Changes implements AutoCloseable {
  /** Deletions never empty the table. */
  private static final int FEWEST = 20;

  private final Connection connection;
  private final ListingIds ids;
  private final List<String> cities;
  private final UniqueWords words;
  private final ListingGenerator listings;
  private final RandomGenerator random;

  Changes(
      Connection connection,
      DemoDatabase.Contents contents,
      UniqueWords words,
      ListingGenerator listings,
      RandomGenerator random)
      throws SQLException {
    this.connection = connection;
    this.ids = contents.ids();
    this.cities = contents.cities();
    this.words = words;
    this.listings = listings;
    this.random = random;
    connection.setAutoCommit(false);
  }

  /**
   * Makes one change.
   *
   * @return whether it was made; false if there are too few listings for it
   */
  boolean make(ChangeKind kind) throws SQLException {
    return switch (kind) {
      case INSERT -> insert();
      case EDIT -> withListing(0, this::edit);
      case DELETE -> withListing(FEWEST, this::delete);
      case MOVE -> cities.size() > 1 && withListing(0, this::move);
      case REINSERT -> withListing(0, this::reinsert);
      case LATE -> throw new IllegalArgumentException("late commits are made by holdOpen");
    };
  }

  private boolean insert() throws SQLException {
    Listing listing = newListing();
    ListingTable.insert(connection, List.of(listing), null);
    connection.commit();
    ids.add(listing.id());
    return true;
  }

  private Listing newListing() {
    Listing made = listings.next();
    return made.withId(ids.fresh())
        .inCity(cities.get(random.nextInt(cities.size())))
        .withTitle(UniqueWords.put(words.next(), made.title()));
  }

  private boolean edit(long id) throws SQLException {
    edit(id, null);
    connection.commit();
    return true;
  }

  private void edit(long id, @Nullable String stamp) throws SQLException {
    Listing listing = ListingTable.select(connection, id);
    String word = words.next();
    switch (random.nextInt(3)) {
      case 0 -> setText(id, "title", UniqueWords.put(word, listing.title()), stamp);
      case 1 -> setText(id, "body", UniqueWords.put(word, listing.body()), stamp);
      default -> {
        // Two statements of one transaction, as an application does it.
        ListingTable.update(connection, id, "price", 500L + random.nextInt(4000), stamp);
        setText(id, "body", UniqueWords.put(word, listings.next().body()), stamp);
      }
    }
  }

  private void setText(long id, String column, String value, @Nullable String stamp)
      throws SQLException {
    ListingTable.update(connection, id, column, value, stamp);
  }

  private boolean delete(long id) throws SQLException {
    ListingTable.delete(connection, id);
    connection.commit();
    return false;
  }

  private boolean move(long id) throws SQLException {
    String from = ListingTable.select(connection, id).city();
    String to = from;
    while (to.equals(from)) {
      to = cities.get(random.nextInt(cities.size()));
    }
    ListingTable.update(connection, id, "city", to, null);
    connection.commit();
    return true;
  }

  private boolean reinsert(long id) throws SQLException {
    Listing listing = ListingTable.select(connection, id);
    ListingTable.delete(connection, id);
    if (random.nextBoolean()) {
      // Two transactions: a poll may come between them.
      connection.commit();
    }
    Listing back = listing.withTitle(UniqueWords.put(words.next(), listing.title()));
    ListingTable.insert(connection, List.of(back), null);
    connection.commit();
    return true;
  }

  /**
   * Stamps an insert, an edit and a deletion, and commits them after a while, or when stopped.
   *
   * @return whether they were held back for as long as asked
   */
  boolean holdOpen(Duration duration, StopSignal stop) throws SQLException, InterruptedException {
    String stamp = now();
    Listing inserted = newListing();
    ListingTable.insert(connection, List.of(inserted), stamp);
    OptionalLong edited = ids.take(random, 0);
    if (edited.isPresent()) {
      edit(edited.getAsLong(), stamp);
    }
    OptionalLong deleted = ids.take(random, FEWEST);
    if (deleted.isPresent()) {
      ListingTable.delete(connection, deleted.getAsLong());
    }
    boolean wasCutShort = stop.await(duration);
    connection.commit();
    ids.add(inserted.id());
    edited.ifPresent(ids::add);
    return !wasCutShort;
  }

  private String now() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT CAST(UTC_TIMESTAMP(6) AS CHAR)")) {
      row.next();
      return row.getString(1);
    }
  }

  private interface Change {
    /** Makes it; returns whether the listing still exists. */
    boolean make(long id) throws SQLException;
  }

  private boolean withListing(int leave, Change change) throws SQLException {
    OptionalLong id = ids.take(random, leave);
    if (id.isEmpty()) {
      return false;
    }
    if (change.make(id.getAsLong())) {
      ids.add(id.getAsLong());
    }
    return true;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
