package freshet.indexer.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.rebuild.RebuildState.Phase;
import freshet.replicator.files.Digest;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.SourcePosition;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RebuildStartTest {
  private static final Digest SCHEMA = Digest.ofText("schema");
  private static final String DEFINITION = "definition";
  private static final SortedSet<City> BOTH = cities("berlin", "paris");

  @Test
  void withoutAnythingLeftItBegins() {
    assertThat(RebuildStart.decide(null, "", task(null), "server"))
        .isEqualTo(new RebuildStart.Begin(null));
  }

  @ParameterizedTest
  @EnumSource(names = {"READING", "CATCHING_UP", "READY"})
  void theSameOneGoesOn(Phase phase) {
    for (SortedSet<City> cities : Stream.of(null, BOTH).toList()) {
      RebuildState left = left(phase, cities, "");
      assertThat(RebuildStart.decide(left, DEFINITION, task(cities), "server"))
          .isEqualTo(new RebuildStart.Resume(left));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SWITCHING", "SWITCHED"})
  void whatTheMasterHasBegunToTakeIsLeftAlone(Phase phase) {
    RebuildState left = left(phase, null, "");
    assertThat(RebuildStart.decide(left, "other", task(BOTH), "other"))
        .isEqualTo(new RebuildStart.Switching(left));
  }

  @Test
  void oneThatCoversItBeginsAnewAndSaysWhy() {
    RebuildState left = left(Phase.READING, cities("berlin"), "");
    assertThat(RebuildStart.decide(left, DEFINITION, task(null), "server"))
        .isEqualTo(new RebuildStart.Begin("it was of city berlin alone"));
    assertThat(RebuildStart.decide(left, DEFINITION, task(BOTH), "server"))
        .isEqualTo(new RebuildStart.Begin("it was of city berlin alone"));
  }

  @Test
  void oneThatDoesNotCoverItIsRefused() {
    assertThat(RebuildStart.decide(left(Phase.READING, null, ""), DEFINITION, task(BOTH), "server"))
        .isEqualTo(
            new RebuildStart.Refuse(
                "a rebuild of all cities is under way since 2026-01-02T03:04:05Z (READING), which one"
                    + " of cities berlin, paris would throw away: go on with it by naming the same,"
                    + " or give it up with --restart"));
  }

  @Test
  void changedFieldsOrAChangedTableBeginAnew() {
    RebuildState left = left(Phase.READING, null, "");
    RebuildTask other = new RebuildTask(null, Digest.ofText("other"), DEFINITION);
    assertThat(RebuildStart.decide(left, DEFINITION, other, "server"))
        .asString()
        .contains("the fields have changed")
        .contains(SCHEMA.brief());
    assertThat(RebuildStart.decide(left, "other", task(null), "server"))
        .asString()
        .contains("the table's section of the configuration has changed");
  }

  @Test
  void anotherServerIsAsGoodIfItsTransactionsSaySo() {
    assertThat(
            RebuildStart.decide(left(Phase.READING, null, ""), DEFINITION, task(null), "another"))
        .asString()
        .contains("it read server server, now server another answers");
    assertThat(
            RebuildStart.decide(
                left(Phase.READING, null, "0-1-7"), DEFINITION, task(null), "another"))
        .isInstanceOf(RebuildStart.Resume.class);
  }

  private static RebuildTask task(@Nullable SortedSet<City> cities) {
    return new RebuildTask(cities, SCHEMA, DEFINITION);
  }

  private static RebuildState left(Phase phase, @Nullable SortedSet<City> cities, String gtid) {
    return new RebuildState(
        phase,
        Instant.parse("2026-01-02T03:04:05Z"),
        SCHEMA,
        cities,
        new SourcePosition("server", gtid, Cursor.START, Cursor.START, Map.of()),
        List.of(),
        100,
        null,
        Collections.emptySortedMap());
  }

  private static SortedSet<City> cities(String... names) {
    return Stream.of(names).map(City::new).collect(Collectors.toCollection(TreeSet::new));
  }
}
