package freshet.replicator.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.files.Digest;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AdvertisementTest {
  private static final Instant EARLY = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant LATE = EARLY.plusSeconds(60);

  @Test
  void latestRaisesACityThatIsNoException() {
    assertThat(latest(LATE, Map.of()).readThrough(entry(EARLY))).contains(LATE);
    assertThat(latest(null, Map.of()).readThrough(entry(EARLY))).contains(EARLY);
    assertThat(latest(LATE, Map.of()).readThrough(entry(null))).contains(LATE);
  }

  @Test
  void anExceptionHoldsWhateverTheOthersHave() {
    Map<City, @Nullable Instant> never = new HashMap<>();
    never.put(new City("a"), null);

    assertThat(latest(LATE, Map.of(new City("a"), EARLY)).readThrough(entry(EARLY)))
        .contains(EARLY);
    assertThat(latest(LATE, never).readThrough(entry(EARLY))).isEmpty();
  }

  private static CityEntry entry(@Nullable Instant readThrough) {
    return new CityEntry(
        new City("a"),
        new Incarnation("0123456789abcdef"),
        1,
        Digest.ofText("m"),
        1,
        1,
        readThrough,
        null);
  }

  private static Advertisement latest(
      @Nullable Instant readThrough, Map<City, @Nullable Instant> exceptions) {
    return new Advertisement(
        1,
        1,
        new RepositoryId("00ff00ff00ff00ff"),
        new Generation(1, 1),
        Digest.ofText("s"),
        LATE,
        readThrough,
        exceptions,
        null,
        null,
        List.of(),
        null,
        null);
  }
}
