package freshet.replicator.page;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.freshness.StageAges;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgePictureTest {

  private static String draw(AgeSample... samples) {
    return AgePicture.of(List.of(samples), SamplePage.NOON, SamplePage.LIMIT).toString();
  }

  private static AgeSample sample(int secondsAgo, Duration poll) {
    Duration zero = Duration.ZERO;
    StageAges stages =
        new StageAges(zero, zero, poll, zero, Duration.ofSeconds(1), zero, zero, zero, zero);
    return new AgeSample(SamplePage.NOON.minusSeconds(secondsAgo), true, stages);
  }

  @Test
  void stagesAreStackedInTheOrderOfTheWay() {
    assertThat(draw(sample(10, Duration.ofSeconds(1)), sample(0, Duration.ofSeconds(3))))
        .containsSubsequence(
            "stage-publish\" d=\"M710 192L710 102L712 12H712V192Z\"",
            "stage-poll\" d=\"M710 192L710 147L712 57H712V192Z\"")
        .doesNotContain("stage-build", "class=\"limit\"");
  }

  @Test
  void whatNobodyKnowsIsAGap() {
    AgeSample unknown = new AgeSample(SamplePage.NOON.minusSeconds(1_790), false, StageAges.NONE);
    assertThat(
            draw(
                sample(3_600, Duration.ofSeconds(1)),
                sample(1_800, Duration.ofSeconds(1)),
                unknown,
                sample(1_780, Duration.ofSeconds(1))))
        .contains("stage-poll\" d=\"M64 192L64 102H66V192ZM388 192L388 102H390V192ZM392");
  }

  @Test
  void theLimitIsDrawnOnceItIsNear() {
    assertThat(draw(sample(0, Duration.ofSeconds(290)))).contains("class=\"limit\"");
  }

  @Test
  void ticksAreRoundAndShort() {
    assertThat(draw(sample(0, Duration.ofSeconds(500)))).contains(">5 min<", ">10 min<");
    assertThat(draw(sample(0, Duration.ofHours(3)))).contains(">2 h<", ">4 h<");
    assertThat(draw(sample(0, Duration.ofMillis(900)))).contains(">1.0 s<", ">2.0 s<");
  }

  @Test
  void theTextSaysWhatThePictureShows() {
    assertThat(draw(sample(10, Duration.ofSeconds(7)), sample(0, Duration.ofSeconds(3))))
        .contains("The age was 8.0 s at most, the limit is 5 min 0 s.");
    assertThat(draw()).contains("No age is known yet.");
    assertThat(
            AgePicture.table(
                    List.of(sample(10, Duration.ofSeconds(7)), sample(0, Duration.ofSeconds(3))))
                .toString())
        .containsSubsequence("poll</th>", ">3.0 s<", ">5.0 s<", ">7.0 s<")
        .containsSubsequence("all</th>", ">4.0 s<", ">6.0 s<", ">8.0 s<");
  }

  @Test
  void theHistoryIsAnHourAndBounded() {
    AgeHistory history = new AgeHistory();
    for (int i = 2_000; i >= 0; i--) {
      history.add(sample(i, Duration.ZERO));
    }
    assertThat(history.until(SamplePage.NOON)).hasSize(720);
    assertThat(history.until(SamplePage.NOON.plusSeconds(3_600))).hasSize(1);
  }
}
