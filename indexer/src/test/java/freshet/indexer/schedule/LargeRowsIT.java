package freshet.indexer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.BuildOptions;
import freshet.indexer.build.FaultyDirectories;
import freshet.indexer.embedded.DatabaseServer;
import freshet.indexer.embedded.ServerOptions;
import freshet.indexer.embedded.TestFlavor;
import freshet.indexer.merge.MergeOptions;
import freshet.indexer.source.ChangeBatch;
import freshet.indexer.source.Follower;
import freshet.indexer.source.Limits;
import freshet.indexer.source.Listings;
import freshet.indexer.source.MySqlSource;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A row too large to read, beside ordinary ones, on a server of its own. */
class LargeRowsIT {
  private static final Time TIME = new SystemTime();
  private static final int ROWS = 300;
  private static final long LARGE = 150;
  private static final int MEGA = 1 << 20;
  private static final String WORDS = "große 🏠 house ";

  private static DatabaseServer server;
  private static Listings listings;

  @TempDir Path root;

  /** May write what others can't read. */
  private Connection writer;

  @BeforeAll
  static void startServer() throws Exception {
    server =
        TestFlavor.chosen()
            .start(
                ServerOptions.temporary(1)
                    .withBufferPool("256M")
                    .withConfiguration("max_allowed_packet=64M", "innodb_log_file_size=512M"),
                TIME);
    try (Connection root = server.connectAsRoot()) {
      Listings.execute(root, "CREATE DATABASE shop");
    }
    try (Connection root = connect()) {
      listings = Listings.create(root, "shop", 6);
      Listings.execute(
          root,
          "ALTER TABLE listing MODIFY title LONGTEXT, ADD more LONGTEXT, ADD j JSON, ADD b LONGBLOB,"
              + " ADD photo LONGBLOB");
    }
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void fill() throws SQLException {
    packet("64M");
    writer = connect();
    Listings.execute(writer, "DELETE FROM listing");
    StringBuilder rows = new StringBuilder();
    for (int id = 1; id <= ROWS; id++) {
      rows.append(id == 1 ? "" : ",")
          .append(
              "(%d, 'c', 'title %d', UTC_TIMESTAMP(6) - INTERVAL %d SECOND)"
                  .formatted(id, id, ROWS + 10 - id));
    }
    Listings.execute(writer, "INSERT INTO listing (id, city, title, updated_at) VALUES " + rows);
    listings.setAside.clear();
    listings.limits = Limits.DEFAULT;
  }

  @AfterEach
  void end() throws SQLException {
    writer.close();
    packet("64M");
  }

  private static Connection connect() throws SQLException {
    return server.connect(server.rootUser(), server.rootPassword(), "shop");
  }

  /** For connections that are made from now on. */
  private static void packet(String size) throws SQLException {
    long bytes = Long.parseLong(size.replace("M", "")) * MEGA;
    try (Connection root = server.connectAsRoot()) {
      Listings.execute(root, "SET GLOBAL max_allowed_packet = " + bytes);
    }
  }

  private void enlarge(String assignments) throws SQLException {
    Listings.execute(writer, "UPDATE listing SET %s WHERE id = %d".formatted(assignments, LARGE));
  }

  private static MySqlSource source(String more) {
    return listings.sourceOfTexts(more, Listings.endpoint(server));
  }

  private Master master(MySqlSource source) throws Exception {
    return Master.start(
        root,
        source,
        new FaultyDirectories(),
        TIME,
        Listings.TEXTS,
        new BuildOptions(1, 2, 64, false, MergeOptions.DEFAULT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1M", "16M"})
  void aRowTooLargeToReadIsIndexedAndSoAreAllOthers(String packet) throws Exception {
    int repeats = 20 * MEGA / WORDS.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    enlarge(
        "title = REPEAT('%s', %d), more = REPEAT('y', 700000), photo = REPEAT('p', %d)"
            .formatted(WORDS, repeats, 30 * MEGA));
    packet(packet);
    MySqlSource source = source("more");
    try (source;
        Master master = master(source)) {
      CycleReport report = master.cycle.run();

      assertThat(report.outcome()).isInstanceOf(CycleOutcome.Published.class);
      assertThat(listings.setAside.reasons()).isEmpty();
      assertThat(master.published()).hasSize(ROWS);
      assertThat(master.published().get(LARGE).getFirst().title()).isEqualTo(WORDS.repeat(repeats));
      assertThat(report.poll().connects()).isLessThanOrEqualTo(2);
      assertThat(report.moreToRead()).isFalse();

      // And when it changes later, beside another one.
      Listings.execute(
          writer,
          "UPDATE listing SET title = CONCAT(title, '!'), updated_at = UTC_TIMESTAMP(6)"
              + " WHERE id IN (7, "
              + LARGE
              + ")");
      assertThat(master.cycle.run().outcome()).isInstanceOf(CycleOutcome.Published.class);
      assertThat(master.published().get(LARGE).getFirst().title())
          .isEqualTo(WORDS.repeat(repeats) + "!");
      assertThat(master.published().get(7L).getFirst().title()).isEqualTo("title 7!");
      master.checkIndexes();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"b", "more"})
  void columnsOfEveryKindAreReadInPieces(String column) throws Exception {
    String value = "[\"" + WORDS.repeat(200_000) + "\"]";
    enlarge("%s = CONCAT('[\"', REPEAT('%s', 200000), '\"]')".formatted(column, WORDS));
    packet("1M");
    MySqlSource source = source(column);
    try (source) {
      Follower follower = new Follower(source);
      follower.poll();
      assertThat(listings.setAside.reasons()).isEmpty();
      assertThat(follower.documents).hasSize(ROWS);
      assertThat(follower.documents.get(LARGE).values()).containsExactly("title 150", value);
    }
  }

  /** MySQL gives an empty text for such JSON; MariaDB's JSON is text. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void jsonAboveTheLimitIsReadOrSetAsideButNeverEmpty(boolean isBesideALargeText) throws Exception {
    String value = "[\"" + WORDS.repeat(200_000) + "\"]";
    enlarge(
        "title = REPEAT('t', %d), j = CONCAT('[\"', REPEAT('%s', 200000), '\"]')"
            .formatted(isBesideALargeText ? 2_000_000 : 1, WORDS));
    packet("1M");
    MySqlSource source = source("j");
    try (source) {
      Follower follower = new Follower(source);
      follower.poll();
      if (server.flavor().equals("mysql")) {
        assertThat(follower.documents).hasSize(ROWS - 1);
        assertThat(listings.setAside.reasons())
            .singleElement()
            .asString()
            .startsWith("150: field more (text) can't be read")
            .contains("max_allowed_packet");
      } else {
        assertThat(follower.documents.get(LARGE).values()).last().isEqualTo(value);
      }
    }
  }

  @Test
  void columnsThatPassTheLimitOnlyTogetherAreReadOneByOne() throws Exception {
    enlarge("title = REPEAT('t', 700000), more = REPEAT('m', 700000)");
    packet("1M");
    MySqlSource source = source("more");
    try (source) {
      Follower follower = new Follower(source);
      ChangeBatch batch = follower.poll();
      assertThat(follower.documents).hasSize(ROWS);
      assertThat(follower.documents.get(LARGE).values())
          .containsExactly("t".repeat(700_000), "m".repeat(700_000));
      assertThat(batch.report().pageRows()).isLessThan(Limits.DEFAULT.pageRows());
    }
  }

  @Test
  void aPollLosesOneConnectionHoweverManyRowsAreTooLarge() throws Exception {
    Listings.execute(writer, "UPDATE listing SET title = REPEAT('t', 1500000) WHERE id % 25 = 0");
    listings.limits = new Limits(20, 50_000, 64L << 20);
    packet("1M");
    MySqlSource source = source("more");
    try (source) {
      Follower follower = new Follower(source);
      ChangeBatch batch = follower.poll();
      assertThat(follower.documents).hasSize(ROWS);
      assertThat(batch.report().connects()).isEqualTo(2);
    }
  }

  @Test
  void aRowAboveTheConfiguredSizeIsSetAsideUntilThatIsRaised() throws Exception {
    enlarge("title = REPEAT('t', 3000000)");
    listings.limits = new Limits(2_000, 50_000, 64L << 20, 2L << 20, Limits.DEFAULT.windowPairs());
    packet("1M");
    MySqlSource low = source("more");
    Follower follower;
    try (low) {
      follower = new Follower(low);
      follower.poll();
      assertThat(follower.documents).hasSize(ROWS - 1);
      assertThat(listings.setAside.reasons())
          .singleElement()
          .asString()
          .matches("150: it has 3,000,[0-9]+ bytes, source.max_row_size is 2,097,152");
    }
    listings.limits = Limits.DEFAULT;
    listings.setAside.retryAll();
    MySqlSource high = source("more");
    try (high) {
      ChangeBatch batch = high.poll(follower.position, follower.window, follower.stored);
      assertThat(batch.changes()).hasSize(1);
      assertThat(listings.setAside.reasons()).hasSize(1);
      high.published(batch);
      assertThat(listings.setAside.reasons()).isEmpty();
    }
  }

  /** Pieces come from several statements: a document must not be put together of two rows. */
  @Test
  void aRowThatChangesWhileItIsReadIsNeverMixed() throws Exception {
    enlarge("title = REPEAT('a', 3000000), more = REPEAT('a', 3000000)");
    packet("1M");
    MySqlSource source = source("more");
    AtomicBoolean isOver = new AtomicBoolean();
    ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    try (source) {
      Future<String> writing =
          executor.submit(
              () -> {
                String letter = "a";
                for (int i = 0; !isOver.get(); i++) {
                  letter = Character.toString('a' + i % 26);
                  enlarge(
                      "title = REPEAT('%s', 3000000), more = REPEAT('%s', 3000000), updated_at ="
                              .formatted(letter, letter)
                          + " UTC_TIMESTAMP(6)");
                }
                return letter;
              });
      Follower follower = new Follower(source);
      try {
        for (int i = 0; i < 6; i++) {
          follower.poll();
          if (follower.documents.containsKey(LARGE)) {
            expectUnmixed(follower.documents.get(LARGE).values());
          }
        }
      } finally {
        isOver.set(true);
      }
      String last = writing.get();
      follower.poll();
      follower.poll();
      assertThat(follower.documents.get(LARGE).values())
          .containsExactly(last.repeat(3_000_000), last.repeat(3_000_000));
    } finally {
      executor.shutdownNow();
    }
  }

  private static void expectUnmixed(List<Object> values) {
    String title = (String) values.getFirst();
    assertThat(values).containsOnly(title.substring(0, 1).repeat(3_000_000));
  }
}
