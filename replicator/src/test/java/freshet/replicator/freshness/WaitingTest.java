package freshet.replicator.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.snapshot.Generation;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WaitingTest {
  private static final String URL = "http://master:8700";

  @Test
  void theSentenceSaysWhoIsWaitedForSinceWhenAndWhy() {
    ClockReading now = at(3_725);
    Generation next = new Generation(3, 421);

    assertThat(Waiting.sentence(false, null, new MasterContact(URL, null, null), now))
        .isEqualTo("waits for a first answer from http://master:8700");
    assertThat(Waiting.sentence(true, null, new MasterContact(URL, null, "refused"), now))
        .isEqualTo(
            "waits for a first answer from http://master:8700; the last attempt failed: refused");
    assertThat(Waiting.sentence(false, null, new MasterContact(URL, at(3_720), null), now))
        .isEqualTo("waits until http://master:8700 publishes a first snapshot");
    assertThat(Waiting.sentence(true, null, new MasterContact(URL, at(3_720), null), now))
        .isEqualTo("waits for news from http://master:8700, which last answered 5.0 s ago");
    assertThat(Waiting.sentence(true, null, new MasterContact(URL, at(0), "timed out"), now))
        .isEqualTo(
            "waits for http://master:8700, which last answered 1 h 2 min ago;"
                + " the last attempt failed: timed out");
    assertThat(
            Waiting.sentence(
                true,
                new NextState(next, at(3_600), null),
                new MasterContact(URL, at(1), null),
                now))
        .isEqualTo("waits for the next pull: 3-0000000421 was advertised 2 min 5 s ago");
    assertThat(
            Waiting.sentence(
                true,
                new NextState(next, at(3_600), at(3_724)),
                new MasterContact(URL, at(1), null),
                now))
        .isEqualTo("pulls 3-0000000421 since 1.0 s");
  }

  @Test
  void theBetterEstimateIsTheNewerOneUnlessItIsVague() {
    ClockEstimate sharp = new ClockEstimate(Duration.ZERO, Duration.ofMillis(5), at(0));
    ClockEstimate vague = new ClockEstimate(Duration.ZERO, Duration.ofSeconds(10), at(20));
    ClockEstimate late = new ClockEstimate(Duration.ZERO, Duration.ofSeconds(10), at(20_000));
    ClockEstimate stepped =
        new ClockEstimate(
            Duration.ofHours(1),
            Duration.ofSeconds(10),
            new ClockReading(at(20).wall().minusSeconds(3_600), at(20).nanos()));

    assertThat(ClockEstimate.better(null, vague)).isEqualTo(vague);
    assertThat(ClockEstimate.better(sharp, vague)).isEqualTo(sharp);
    assertThat(ClockEstimate.better(vague, sharp)).isEqualTo(sharp);
    assertThat(ClockEstimate.better(sharp, late)).isEqualTo(late);
    assertThat(ClockEstimate.better(sharp, stepped)).isEqualTo(stepped);
  }

  @Test
  void durationsReadLikeSpeech() {
    assertThat(Words.duration(Duration.ofMillis(12))).isEqualTo("12 ms");
    assertThat(Words.duration(Duration.ofMillis(1_849))).isEqualTo("1.8 s");
    assertThat(Words.duration(Duration.ofSeconds(250))).isEqualTo("4 min 10 s");
    assertThat(Words.duration(Duration.ofHours(50))).isEqualTo("2 d 2 h");
  }

  private static ClockReading at(int second) {
    return new ClockReading(
        Instant.EPOCH.plusSeconds(second), Duration.ofSeconds(second).toNanos());
  }
}
