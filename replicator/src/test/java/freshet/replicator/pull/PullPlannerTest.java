package freshet.replicator.pull;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.files.Digest;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.RepositoryId;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SnapshotManifest;
import freshet.replicator.snapshot.SourcePosition;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.lucene.util.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PullPlannerTest {
  private static final RepositoryId OURS = new RepositoryId("00000000000000aa");
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final String FOLDER = "cities/a/0000000000000001/";

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "a new store takes what it is offered,          -,              -,              aa 1-0000000007 x, Admit",
    "the next generation,                           1-0000000006 x, 1-0000000006 x, aa 1-0000000007 x, Admit",
    "a higher epoch with a lower number,            1-0000000006 x, 1-0000000006 x, aa 2-0000000001 x, Admit",
    "the same one,                                  1-0000000006 x, 1-0000000006 x, aa 1-0000000006 x, Current",
    "the same one after LATEST was removed,         1-0000000006 x, -,              aa 1-0000000006 x, Admit",
    "the same one while the store lags its memory,  1-0000000006 x, 1-0000000005 x, aa 1-0000000006 x, Admit",
    "a lower one,                                   1-0000000006 x, 1-0000000006 x, aa 1-0000000005 x, Older",
    "a lower one after LATEST was removed,          1-0000000006 x, -,              aa 1-0000000005 x, Older",
    "a lower epoch with a higher number,            2-0000000006 x, 2-0000000006 x, aa 1-0000000009 x, Older",
    "lower than LATEST though memory was removed,   -,              1-0000000006 x, aa 1-0000000005 x, Older",
    "the same number with another content,          1-0000000006 x, 1-0000000006 x, aa 1-0000000006 y, Conflicting",
    "another repository,                            1-0000000006 x, 1-0000000006 x, bb 9-0000000009 x, OtherRepository",
    "another repository after LATEST was removed,   1-0000000006 x, -,              bb 9-0000000009 x, OtherRepository",
  })
  void anOfferIsJudgedByWhatWasSeen(
      String rule, String seen, String held, String offered, String expected) {
    Seen remembered = seen.equals("-") ? null : Seen.of(pointer("aa " + seen));
    Advertisement latest = held.equals("-") ? null : pointer("aa " + held);

    Admission admission = PullPlanner.admit(pointer(offered), remembered, latest);

    Object decision = admission instanceof Admission.Refuse refuse ? refuse.refusal() : admission;
    assertThat(decision.getClass().getSimpleName()).as(rule).isEqualTo(expected);
  }

  @Test
  void aClaimIsFresherIfItIsNewerOrReachesFurther() {
    Advertisement held = pointer("aa 1-0000000006 x");
    assertThat(admit(held, held, 0, 0)).isFalse();
    assertThat(admit(held, held, 1, 0)).isTrue();
    assertThat(admit(held, held, 1, -1)).isTrue();
    assertThat(admit(held, held, -1, -1)).isFalse();
    // The master's clock was set back: what it read since is still later.
    assertThat(admit(held, held, -60, 5)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "10.6.0, true",
    "10.6.9, true",
    "10.5.2, true",
    "9.12.0, true",
    "10.6, true",
    "10.7.0, false",
    "11.0.0, false",
    "100.0.0, false",
    "evil, false",
    "10, false",
    "'', false"
  })
  void whatANewerLuceneWroteIsRefused(String written, boolean isRead) {
    Version here = Version.fromBits(10, 6, 1);
    Refusal refusal = PullPlanner.newerLucene(writtenBy(written), here);
    if (isRead) {
      assertThat(refusal).isNull();
    } else {
      assertThat(refusal.explain())
          .isEqualTo(
              "snapshot 1-0000000007 was written by Lucene %s, this build has 10.6.1: upgrade Freshet here"
                  .formatted(written));
    }
  }

  private static Snapshot writtenBy(String lucene) {
    SnapshotManifest manifest =
        new SnapshotManifest(
            1,
            1,
            OURS,
            new Generation(1, 7),
            null,
            null,
            NOON,
            lucene,
            Digest.ofText("schema"),
            SourcePosition.START,
            List.of(),
            List.of(),
            null);
    return Snapshot.full(manifest, Digest.ofText("manifest"));
  }

  @Test
  void noLengthIsTooLargeToBeRefused() {
    long huge = Long.MAX_VALUE;
    CityManifest city =
        city(
            new FileEntry("segments_1", huge, Digest.ofText("1"), ""),
            new FileEntry("_0.cfs", huge, Digest.ofText("2"), "_0"));
    Inventory inventory = new Inventory(Map.of(), Map.of(), Map.of(), Map.of(), 1L << 40);
    assertThat(PullPlanner.plan(List.of(city), inventory, CityRecipes.NONE, 0, "store"))
        .isInstanceOf(PullPlan.Refused.class);
    assertThat(PullPlanner.lowDisk(huge, 1L << 40, 0, "store")).isNotNull();
  }

  @Test
  void eachFileComesTheCheapestWay() {
    Digest other = Digest.ofText("other");
    CityManifest city =
        city(
            new FileEntry("segments_1", 10, Digest.ofText("1"), ""),
            new FileEntry("_0.cfs", 20, Digest.ofText("2"), ""),
            new FileEntry("_1.cfs", 30, other, ""),
            new FileEntry("_2.cfs", 40, Digest.ofText("4"), ""),
            new FileEntry("_3.cfs", 50, Digest.ofText("5"), ""),
            new FileEntry("_4.cfs", 60, Digest.ofText("6"), ""),
            new FileEntry("_5.cfs", 70, Digest.ofText("7"), ""));
    Inventory inventory =
        new Inventory(
            Map.of(FOLDER + "_0.cfs", 20L, FOLDER + "_4.cfs", 59L),
            Map.of(FOLDER + "_3.cfs", 15L, FOLDER + "_5.cfs", 71L),
            Map.of(other, "cities/a/0000000000000009/_1.cfs"),
            Map.of(FOLDER + "segments_1", 10L, FOLDER + "_2.cfs", 41L, "../../etc/passwd", 1L),
            1 << 30);

    PullPlan.Pull plan =
        (PullPlan.Pull) PullPlanner.plan(List.of(city), inventory, CityRecipes.NONE, 0, "/store");

    assertThat(plan.steps())
        .containsExactly(
            new PullStep.FromPack(FOLDER + "segments_1", 10, Digest.ofText("1")),
            new PullStep.HaveAlready(FOLDER + "_0.cfs"),
            new PullStep.Link(FOLDER + "_1.cfs", "cities/a/0000000000000009/_1.cfs"),
            new PullStep.Fetch(FOLDER + "_2.cfs", 40, Digest.ofText("4"), 0),
            new PullStep.Fetch(FOLDER + "_3.cfs", 50, Digest.ofText("5"), 15),
            new PullStep.Fetch(FOLDER + "_4.cfs", 60, Digest.ofText("6"), 0),
            new PullStep.Fetch(FOLDER + "_5.cfs", 70, Digest.ofText("7"), 0));
    assertThat(plan.bytesToFetch()).isEqualTo(40 + 35 + 60 + 70);
    assertThat(plan.bytesToWrite()).isEqualTo(plan.bytesToFetch() + 10);
    assertThat(plan.isComplete()).isFalse();
  }

  @Test
  void aDiskWithoutRoomIsRefusedWithTheNumbers() {
    CityManifest city = city(new FileEntry("segments_1", 9_000_000, Digest.ofText("1"), ""));
    Inventory inventory = new Inventory(Map.of(), Map.of(), Map.of(), Map.of(), 20_000_000);

    assertThat(PullPlanner.plan(List.of(city), inventory, CityRecipes.NONE, 5_000_000, "/store"))
        .isInstanceOf(PullPlan.Pull.class);
    assertThat(PullPlanner.plan(List.of(city), inventory, CityRecipes.NONE, 8_000_000, "/store"))
        .isInstanceOfSatisfying(
            PullPlan.Refused.class,
            refused ->
                assertThat(refused.refusal().explain())
                    .isEqualTo(
                        "the pull needs 13,194,304 bytes in /store beside a reserve of 8,000,000,"
                            + " and 20,000,000 are free: make room there, or lower the reserve"));
  }

  @Test
  void aStoreThatHasEverythingNeedsNoRoom() {
    CityManifest city = city(new FileEntry("segments_1", 9, Digest.ofText("1"), ""));
    Inventory inventory =
        new Inventory(Map.of(FOLDER + "segments_1", 9L), Map.of(), Map.of(), Map.of(), 0);

    assertThat(PullPlanner.plan(List.of(city), inventory, CityRecipes.NONE, 1, "/store"))
        .isInstanceOfSatisfying(
            PullPlan.Pull.class, plan -> assertThat(plan.isComplete()).isTrue());
  }

  private static boolean admit(Advertisement held, Advertisement base, int written, int through) {
    Advertisement offered =
        new Advertisement(
            1,
            1,
            base.repository(),
            base.generation(),
            base.manifest(),
            base.advertisedAt().plusSeconds(written),
            NOON.plusSeconds(through),
            Map.of(),
            null,
            null,
            List.of(),
            null,
            null);
    return ((Admission.Current) PullPlanner.admit(offered, null, held)).isFresher();
  }

  private static Advertisement pointer(String text) {
    String[] parts = text.split(" ");
    return new Advertisement(
        1,
        1,
        parts[0].equals("aa") ? OURS : new RepositoryId("00000000000000bb"),
        Generation.parse(parts[1]),
        Digest.ofText(parts[2]),
        NOON,
        NOON,
        Map.of(),
        null,
        null,
        List.of(),
        null,
        null);
  }

  private static CityManifest city(FileEntry... files) {
    return new CityManifest(
        1,
        new City("a"),
        new Incarnation("0000000000000001"),
        1,
        "segments_1",
        1,
        0,
        Digest.ofText("schema"),
        List.of(files),
        List.of(),
        SourcePosition.START);
  }
}
