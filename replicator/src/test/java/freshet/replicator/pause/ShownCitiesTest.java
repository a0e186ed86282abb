package freshet.replicator.pause;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.files.Digest;
import freshet.replicator.freshness.Served;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CitySubset;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.Snapshot;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ShownCitiesTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final City BERLIN = new City("berlin");
  private static final City BONN = new City("bonn");
  private static final Snapshot NEWEST = Served.snapshot(NOON, "berlin", "bonn");
  private static final Digest SCHEMA = NEWEST.manifest().schema();

  /** An older commit of another history, as before a rollback. */
  private static final CityEntry OLD = entry(BERLIN);

  private static final Map<City, FrozenCity> FROZEN = Map.of(BERLIN, frozen(OLD, SCHEMA));

  @Test
  void aPausedCityIsShownAsItWasAndAllOthersAsTheyAre() {
    ShownCities shown = ShownCities.of(NEWEST, CitySubset.ALL, FROZEN, paused(BERLIN));

    assertThat(shown.snapshot().cities())
        .containsEntry(BERLIN, OLD)
        .containsEntry(BONN, NEWEST.cities().get(BONN));
    assertThat(shown.snapshot().manifestDigest()).isEqualTo(NEWEST.manifestDigest());
    assertThat(shown.frozen()).isEqualTo(FROZEN);
    assertThat(shown.passed()).isEmpty();
  }

  @Test
  void whatWasKnownOfAnEndedPauseCountsForNothing() {
    for (Pauses held :
        List.of(
            Pauses.NONE,
            paused(BONN),
            paused(BERLIN).at(NOON.plus(Duration.ofMinutes(10))),
            new Pauses(pause(null), new TreeMap<>()))) {
      ShownCities shown = ShownCities.of(NEWEST, CitySubset.ALL, FROZEN, held);

      assertThat(shown.snapshot()).isEqualTo(NEWEST);
      assertThat(shown.frozen()).isEmpty();
    }
  }

  @Test
  void aPauseOfEverythingBesideChangesNothing() {
    Pauses both = new Pauses(pause(null), paused(BERLIN).cities());

    assertThat(ShownCities.of(NEWEST, CitySubset.ALL, FROZEN, both).snapshot().cities())
        .containsEntry(BERLIN, OLD);
  }

  @Test
  void aPausedCityThatNothingWasKeptOfIsShownAsItIs() {
    assertThat(ShownCities.of(NEWEST, CitySubset.ALL, Map.of(), paused(BERLIN)).snapshot())
        .isEqualTo(NEWEST);
  }

  @Test
  void aCityThatIsNoMoreIsShownUntilItsPauseEnds() {
    Snapshot without = Served.snapshot(NOON, "bonn");

    assertThat(ShownCities.of(without, CitySubset.ALL, FROZEN, paused(BERLIN)).snapshot().cities())
        .containsEntry(BERLIN, OLD);
    assertThat(ShownCities.of(without, CitySubset.ALL, FROZEN, Pauses.NONE).snapshot().cities())
        .doesNotContainKey(BERLIN);
  }

  @Test
  void aCityThatTheSlaveHoldsNoMoreIsNotShown() {
    Snapshot without = Served.snapshot(NOON, "bonn");

    ShownCities shown =
        ShownCities.of(without, CitySubset.of(List.of("bonn")), FROZEN, paused(BERLIN));

    assertThat(shown.snapshot()).isEqualTo(without);
    assertThat(shown.frozen()).isEmpty();
  }

  @Test
  void underAnotherSchemaItIsShownAsItIsAndThatIsSaid() {
    Digest other = Digest.of("another schema".getBytes(StandardCharsets.UTF_8));

    ShownCities shown =
        ShownCities.of(NEWEST, CitySubset.ALL, Map.of(BERLIN, frozen(OLD, other)), paused(BERLIN));

    assertThat(shown.snapshot()).isEqualTo(NEWEST);
    assertThat(shown.frozen()).isEmpty();
    assertThat(shown.passed().get(BERLIN))
        .isEqualTo(
            "the schema has changed from %s to %s since, and one search goes by one schema"
                .formatted(other.brief(), SCHEMA.brief()));
  }

  private static CityEntry entry(City city) {
    return new CityEntry(
        city, new Incarnation("00000000000000ff"), 7, SCHEMA, 3, 30, NOON.minusSeconds(60), null);
  }

  private static FrozenCity frozen(CityEntry entry, Digest schema) {
    return new FrozenCity(
        FrozenCity.FORMAT, entry, new Generation(1, 3), schema, NOON.minusSeconds(60));
  }

  private static Pause pause(@Nullable City city) {
    return Pause.of(city, "ann@ops-1", NOON, Duration.ofMinutes(10), null);
  }

  private static Pauses paused(City city) {
    SortedMap<City, Pause> cities = new TreeMap<>(Map.of(city, pause(city)));
    return new Pauses(null, cities);
  }
}
