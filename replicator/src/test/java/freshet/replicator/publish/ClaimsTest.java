package freshet.replicator.publish;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.files.Digest;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.RepositoryId;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SnapshotManifest;
import freshet.replicator.snapshot.SourcePosition;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClaimsTest {
  private static final City A = new City("a");
  private static final City B = new City("b");
  private static final Instant T1 = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant T2 = T1.plusSeconds(10);
  private static final Instant T3 = T1.plusSeconds(20);

  @Test
  void anUnknownLagTakesNothingBack() {
    Claims.Advertised before = advertise(null, snapshot(null), claim(T1));

    assertThat(readThrough(advertise(before, snapshot(null), FreshnessClaim.NONE), A)).contains(T1);
    assertThat(readThrough(advertise(before, snapshot(null), claim(T2)), A)).contains(T2);
  }

  @Test
  void aCityThatFellBehindStandsStillWhileTheOthersMove() {
    Claims.Advertised before = advertise(null, snapshot(null), claim(T1));
    Claims.Advertised failed = advertise(before, snapshot(SourcePosition.START), claim(T2));
    Claims.Advertised still = advertise(failed, snapshot(SourcePosition.START), claim(T3));

    assertThat(readThrough(failed, A)).contains(T2);
    assertThat(readThrough(failed, B)).contains(T1);
    assertThat(readThrough(still, B)).contains(T1);
    assertThat(readThrough(still, A)).contains(T3);
  }

  @Test
  void silenceDoesNotEndAnException() {
    Map<City, Instant> never = new HashMap<>();
    never.put(B, null);
    Claims.Advertised before =
        advertise(null, snapshot(null), new FreshnessClaim(T1, never, null, null));

    assertThat(readThrough(before, B)).isEmpty();
    assertThat(readThrough(advertise(before, snapshot(null), FreshnessClaim.NONE), B)).isEmpty();
    assertThat(readThrough(advertise(before, snapshot(null), claim(T2)), B)).contains(T2);
  }

  @Test
  void anExceptionNeverClaimsLessThanWasTrueAlready() {
    Claims.Advertised before = advertise(null, snapshot(null), claim(T2));
    FreshnessClaim older = new FreshnessClaim(T3, Map.of(B, T1), null, null);

    assertThat(readThrough(advertise(before, snapshot(null), older), B)).contains(T2);
  }

  private static FreshnessClaim claim(Instant readThrough) {
    return new FreshnessClaim(readThrough, Map.of(), null, null);
  }

  private static Claims.Advertised advertise(
      Claims.Advertised before, Snapshot snapshot, FreshnessClaim claim) {
    Advertisement advertisement = Claims.advertise(snapshot, before, claim, List.of(), null, T3);
    return new Claims.Advertised(snapshot, advertisement);
  }

  private static Optional<Instant> readThrough(Claims.Advertised advertised, City city) {
    return advertised.advertisement().readThrough(advertised.snapshot().city(city).orElseThrow());
  }

  private static Snapshot snapshot(SourcePosition behindOfB) {
    List<CityEntry> cities = List.of(entry(A, null), entry(B, behindOfB));
    return Snapshot.full(
        new SnapshotManifest(
            1,
            1,
            new RepositoryId("00ff00ff00ff00ff"),
            new Generation(1, 1),
            null,
            null,
            T1,
            "10.6.0",
            Digest.ofText("s"),
            SourcePosition.START,
            cities,
            List.of(),
            null),
        Digest.ofText("m"));
  }

  private static CityEntry entry(City city, SourcePosition behind) {
    return new CityEntry(
        city, new Incarnation("0123456789abcdef"), 1, Digest.ofText("c"), 1, 1, null, behind);
  }
}
