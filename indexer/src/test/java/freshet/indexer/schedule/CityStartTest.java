package freshet.indexer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.WorkingCity;
import freshet.replicator.files.Digest;
import freshet.replicator.schema.CommitData;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.SourcePosition;
import org.junit.jupiter.api.Test;

class CityStartTest {
  private static final City X = new City("x");
  private static final Digest SCHEMA = Digest.ofText("schema");
  private static final Incarnation ONE = new Incarnation("1111111111111111");
  private static final Incarnation OTHER = new Incarnation("2222222222222222");

  @Test
  void aCityThatContinuesWhatIsPublishedIsKept() {
    assertThat(CityStart.decide(working(ONE, 7), entry(ONE, 7), null, true, SCHEMA))
        .isEqualTo(keep());
    assertThat(CityStart.decide(working(ONE, 9), entry(ONE, 7), null, true, SCHEMA))
        .isEqualTo(keep());
  }

  @Test
  void aCityThatWasNeverPublishedIsDropped() {
    assertThat(CityStart.decide(working(ONE, 7), null, null, true, SCHEMA))
        .isEqualTo(new CityStart.Drop());
  }

  @Test
  void everythingElseIsHydrated() {
    assertThat(reason(null, entry(ONE, 7), true)).contains("lost or damaged");
    assertThat(reason(working(ONE, 6), entry(ONE, 7), true)).contains("older");
    assertThat(reason(working(OTHER, 7), entry(ONE, 7), true)).contains("another history");
    assertThat(reason(working(ONE, 9), entry(ONE, 7), false)).contains("last word");
  }

  @Test
  void aCityOfAnotherSchemaIsHydrated() {
    assertThat(
            CityStart.decide(
                working(ONE, 9), entry(ONE, 7), null, true, Digest.ofText("another one")))
        .isInstanceOf(CityStart.Hydrate.class);
  }

  @Test
  void aRebuiltCityIsAdoptedWhateverIsPublished() {
    CityStart.Rebuilt rebuilt = new CityStart.Rebuilt(OTHER);
    for (boolean isOwn : new boolean[] {true, false}) {
      assertThat(CityStart.decide(working(OTHER, 1), entry(ONE, 7), rebuilt, isOwn, SCHEMA))
          .isEqualTo(new CityStart.Adopt());
      assertThat(CityStart.decide(working(OTHER, 1), null, rebuilt, isOwn, SCHEMA))
          .isEqualTo(new CityStart.Adopt());
    }
  }

  @Test
  void aRebuiltCityThatIsUnusableStaysAsItIsPublishedOrIsReadFromTheStart() {
    CityStart.Rebuilt rebuilt = new CityStart.Rebuilt(OTHER);
    assertThat(CityStart.decide(null, entry(ONE, 7), rebuilt, true, SCHEMA))
        .isInstanceOf(CityStart.Hydrate.class);
    assertThat(CityStart.decide(null, null, rebuilt, true, SCHEMA)).isEqualTo(new CityStart.Lost());
  }

  @Test
  void aCityWithoutDocumentsIsBegunAnew() {
    assertThat(
            CityStart.decide(
                working(ONE, 7), entry(ONE, 7), new CityStart.Rebuilt(null), true, SCHEMA))
        .isEqualTo(new CityStart.Empty());
  }

  private static CityStart keep() {
    return new CityStart.Keep();
  }

  private static String reason(WorkingCity working, CityEntry entry, boolean isOwn) {
    return ((CityStart.Hydrate) CityStart.decide(working, entry, null, isOwn, SCHEMA)).reason();
  }

  private static WorkingCity working(Incarnation incarnation, long commit) {
    return new WorkingCity(
        new CommitData(X, incarnation, SCHEMA, SourcePosition.START), commit, commit);
  }

  private static CityEntry entry(Incarnation incarnation, long commit) {
    return new CityEntry(X, incarnation, commit, Digest.ofText("manifest"), 1, 1, null, null);
  }
}
