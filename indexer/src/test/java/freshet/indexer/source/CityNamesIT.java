package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.embedded.DatabaseFixture;
import freshet.replicator.snapshot.City;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** City names are data: each row is indexed under its own, or set aside with the reason. */
@Timeout(60)
class CityNamesIT {
  private static final List<String> INDEXED =
      List.of(
          "",
          " ",
          ".",
          "..",
          "../x",
          "/etc/passwd",
          "a\\b",
          "São Paulo",
          "SÃO PAULO",
          "são paulo",
          "berlin",
          "Berlin",
          "BERLIN",
          "con",
          "%s %d",
          "*",
          "Łódź",
          "東京",
          "🏠",
          "a\tb\nc",
          "_",
          "__",
          "x".repeat(200),
          "LATEST");

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  private Listings listings;
  private Connection writer;

  @BeforeEach
  void start() throws Exception {
    listings = Listings.create(database, 6);
    writer = database.source();
  }

  @AfterEach
  void end() throws SQLException {
    writer.close();
  }

  private void insert(long id, @Nullable String city) throws SQLException {
    try (PreparedStatement insert =
        writer.prepareStatement(
            "INSERT INTO listing (id, city, title, updated_at) VALUES (?, ?, 't',"
                + " UTC_TIMESTAMP(6))")) {
      insert.setLong(1, id);
      insert.setString(2, city);
      insert.execute();
    }
  }

  @Test
  void eachNameIsACityOfItsOwnWithAFolderOfItsOwn() throws Exception {
    for (int i = 0; i < INDEXED.size(); i++) {
      insert(i, INDEXED.get(i));
    }
    try (MySqlSource source = listings.source(database.pair().source())) {
      Follower follower = new Follower(source);
      follower.poll();
      Set<String> folders = new HashSet<>();
      for (int i = 0; i < INDEXED.size(); i++) {
        City city = follower.documents.get((long) i).city();
        assertThat(city.name()).isEqualTo(INDEXED.get(i));
        assertThat(City.ofFolder(city.folder())).isEqualTo(city);
        assertThat(city.folder()).matches("[a-z0-9_-]+");
        assertThat(folders.add(city.folder().toLowerCase(Locale.ROOT))).isTrue();
      }
    }
    assertThat(listings.setAside.reasons()).isEmpty();
  }

  static Stream<@Nullable String> setAside() {
    return Arrays.stream(new @Nullable String[] {null, "x".repeat(300), "é".repeat(100)});
  }

  @ParameterizedTest
  @MethodSource("setAside")
  void whatCanBeNoCityIsSetAsideWithTheReasonAndStopsNoOther(@Nullable String name)
      throws Exception {
    insert(1, "a");
    insert(2, name);
    insert(3, "b");
    try (MySqlSource source = listings.source(database.pair().source())) {
      Follower follower = new Follower(source);
      ChangeBatch batch = follower.poll();
      assertThat(follower.documents).containsOnlyKeys(1L, 3L);
      assertThat(batch.report().quarantined()).isEqualTo(1);
      assertThat(listings.setAside.reasons())
          .singleElement()
          .asString()
          .startsWith("2: ")
          .contains("city");

      // Corrected, it is read like any other change.
      Listings.execute(
          writer, "UPDATE listing SET city = 'c', updated_at = UTC_TIMESTAMP(6) WHERE id = 2");
      follower.poll();
      assertThat(follower.documents).containsOnlyKeys(1L, 2L, 3L);
    }
  }
}
