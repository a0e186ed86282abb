package freshet.indexer.explain;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.explain.DocumentFacts.Row;
import freshet.indexer.explain.DocumentFacts.SlaveAt;
import freshet.indexer.explain.Explanation.State;
import freshet.replicator.explain.DocumentCopy;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CitySubset;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.Generation;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExplainerTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final City BONN = new City("bonn");
  private static final City COLOGNE = new City("köln");
  private static final Generation SEVENTH = new Generation(1, 7);

  private Row row = row(NOON, true, true, NOON);
  private @Nullable String setAside;
  private @Nullable Generation newest = new Generation(1, 9);
  private List<DocumentCopy> copies = List.of(copy(COLOGNE, NOON));
  private @Nullable String paused;
  private Map<City, String> pausedCities = Map.of();
  private Map<City, String> held = Map.of();
  private Map<City, String> behind = Map.of();
  private @Nullable List<SlaveAt> slaves = List.of(slave("near", newest), slave("far", SEVENTH));

  @Test
  void aDocumentThatIsWhatItsRowSaysIsServedByAllThatAreThere() {
    assertThat(expect(State.SERVED).next()).isNull();
    assertThat(explain().what())
        .isEqualTo(
            "its row has version 2026-03-01T12:00:00Z in city köln, and so it is published: commit"
                + " 3, published with generation 1-0000000007 at 2026-03-01T12:00:01Z, by a poll"
                + " that had read up to 2026-03-01T12:00:00Z; served by far, near");
    assertThat(explain().isWell()).isTrue();
  }

  @Test
  void slavesThatAreNotThereYetAreNamed() {
    slaves =
        List.of(
            slave("near", newest),
            new SlaveAt(
                "far", new Generation(1, 6), CitySubset.ALL, "paused by ann until noon: new disk"),
            slave("new", null));

    assertThat(expect(State.ON_ITS_WAY).what())
        .endsWith("served by near, not yet by far (paused by ann until noon: new disk), new");
    slaves = null;
    assertThat(expect(State.SERVED).what()).endsWith("no daemon runs here that slaves report to");
  }

  @Test
  void slavesThatDoNotTakeItsCityNeitherServeNorLackIt() {
    CitySubset others = CitySubset.of(List.of("b*"));
    slaves = List.of(slave("near", newest), new SlaveAt("other", newest, others, null));
    assertThat(expect(State.SERVED).what()).endsWith("served by near");

    slaves = List.of(new SlaveAt("other", null, others, null));
    assertThat(expect(State.SERVED).what())
        .endsWith("served by no slave that reports and takes its city");
  }

  @Test
  void whatTheTableDoesNotSayIsNotGuessed() {
    row = new Row.Unknown("no greeting within 3 s");

    assertThat(expect(State.TABLE_UNKNOWN).what())
        .isEqualTo(
            "the table can't be asked: no greeting within 3 s; generation 1-0000000009 holds it as"
                + " version 2026-03-01T12:00:00Z in köln");
  }

  @Test
  void whatHasNoRowIsAbsentOrWaitsOrWasOverlooked() {
    row = new Row.Missing(true, null);
    expect(State.WAITS_FOR_POLL);
    row = new Row.Missing(false, null);
    assertThat(expect(State.OVERLOOKED).next()).isEqualTo("bin/indexer diff --repair");
    behind = Map.of(COLOGNE, "since noon: disk full");
    expect(State.CITY_BEHIND);
    held = Map.of(COLOGNE, "since noon: 80 % lost");
    expect(State.CITY_HELD);
    copies = List.of();
    assertThat(expect(State.ABSENT).isWell()).isTrue();
    row = new Row.NotSearchable();
    expect(State.ABSENT);
  }

  @Test
  void whatWasDeletedSaysWhen() {
    row = new Row.Missing(true, NOON.plusSeconds(7));
    assertThat(expect(State.WAITS_FOR_POLL).what())
        .startsWith("no row has this key, and its tombstone waits for the next poll; ")
        .endsWith("; it was deleted at 2026-03-01T12:00:07Z, by its tombstone");
    row = new Row.Missing(false, NOON.plusSeconds(7));
    assertThat(expect(State.OVERLOOKED).what())
        .endsWith("; it was deleted at 2026-03-01T12:00:07Z, by its tombstone");
    copies = List.of();
    assertThat(expect(State.ABSENT).what())
        .isEqualTo(
            "no row has this key, and nothing that is published holds it; it was deleted at"
                + " 2026-03-01T12:00:07Z, by its tombstone");
  }

  @Test
  void whatCanBeNoDocumentSaysWhy() {
    setAside = "field price can't be read: 'x'; correct the value";
    assertThat(expect(State.SET_ASIDE).next()).isEqualTo("bin/indexer quarantine retry 42");
    setAside = null;
    row = row(NOON, false, true, null);
    expect(State.NOT_INDEXED);
    row = new Row.WithoutCity();
    expect(State.NOT_INDEXED);
    setAside = "its city is NULL; give it one";
    assertThat(expect(State.NOT_INDEXED).what()).endsWith("or by bin/indexer quarantine retry 42");
  }

  /** The first of these that holds is why a newer version is not there. */
  @Test
  void aNewerVersionIsWhereItStoppedLast() {
    Instant newer = NOON.plusSeconds(60);
    row = row(newer, true, false, null);
    assertThat(expect(State.WAITS_FOR_POLL).what())
        .contains("waits for the next poll", "holds it as version 2026-03-01T12:00:00Z");
    row = row(newer, true, true, null);
    expect(State.OVERLOOKED);
    row = row(newer, true, true, newer);
    expect(State.NOT_PUBLISHED);
    behind = Map.of(COLOGNE, "since noon: disk full");
    expect(State.CITY_BEHIND);
    held = Map.of(COLOGNE, "since noon: 80 % lost");
    assertThat(expect(State.CITY_HELD).what()).contains("city köln is held, since noon: 80 % lost");
    newest = null;
    copies = List.of();
    assertThat(explain().what()).endsWith("nothing is published yet");
  }

  @Test
  void aPauseIsWhyNothingGetsOnWhateverElseThereIs() {
    row = row(NOON.plusSeconds(60), true, false, null);
    behind = Map.of(COLOGNE, "since noon: it is paused");
    pausedCities = Map.of(COLOGNE, "paused by ann until one: import");
    assertThat(expect(State.PAUSED).what())
        .isEqualTo(
            "its row has version 2026-03-01T12:01:00Z in city köln; city köln is paused by ann"
                + " until one: import; generation 1-0000000009 holds it as version"
                + " 2026-03-01T12:00:00Z in köln");
    assertThat(explain().next()).isEqualTo("bin/indexer resume --city köln");
    paused = "paused by bob until two: new disk";
    assertThat(expect(State.PAUSED).what()).contains("; the master is paused by bob until two");
    assertThat(explain().next()).isEqualTo("bin/indexer resume");

    row = new Row.Missing(true, null);
    expect(State.PAUSED);
    row = row(NOON, true, true, NOON);
    expect(State.SERVED);
    setAside = "field price can't be read";
    expect(State.SET_ASIDE);
  }

  @Test
  void aDocumentThatMovedOutOfAPausedCityStaysThereToo() {
    copies = List.of(copy(BONN, NOON), copy(COLOGNE, NOON));
    pausedCities = Map.of(BONN, "paused by ann until one: import");

    assertThat(expect(State.PAUSED).what()).contains("; city bonn is paused by ann");
  }

  @Test
  void aDocumentInTheWrongCityOrInTwoIsNotServed() {
    copies = List.of(copy(BONN, NOON));
    expect(State.NOT_PUBLISHED);
    copies = List.of(copy(BONN, NOON), copy(COLOGNE, NOON));
    row = row(NOON, true, true, null);
    assertThat(expect(State.OVERLOOKED).what()).contains("in bonn and version");
  }

  private Explanation expect(State state) {
    Explanation explanation = explain();
    assertThat(explanation.state()).as(explanation.what()).isEqualTo(state);
    return explanation;
  }

  private Explanation explain() {
    return Explainer.explain(
        new DocumentFacts(
            "42",
            row,
            setAside,
            newest,
            copies,
            paused,
            new TreeMap<>(pausedCities),
            new TreeMap<>(held),
            new TreeMap<>(behind),
            slaves));
  }

  private static Row row(
      Instant version, boolean isListed, boolean isRead, @Nullable Instant working) {
    return new Row.Searchable(COLOGNE, version, isListed, isRead, working);
  }

  private static DocumentCopy copy(City city, Instant version) {
    Cursor readTo = new Cursor(ChronoUnit.MICROS.between(Instant.EPOCH, NOON), DocumentKey.EMPTY);
    return new DocumentCopy(city, version, 3, SEVENTH, true, NOON.plusSeconds(1), readTo);
  }

  private static SlaveAt slave(String name, @Nullable Generation generation) {
    return new SlaveAt(name, generation, CitySubset.ALL, null);
  }
}
