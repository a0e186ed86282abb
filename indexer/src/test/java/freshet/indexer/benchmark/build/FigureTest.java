package freshet.indexer.benchmark.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FigureTest {

  @Test
  void medianOfTheRatiosOfPairsCountsNotTheRatioOfMedians() {
    Samples samples = new Samples();
    samples.add(10, 20.0);
    samples.add(40, 50.0);
    samples.add(90, 100.0);
    Figure figure = samples.figure("x", "what", "s", Figure.Target.ratioAtLeast(0.8));
    assertThat(figure.value()).isEqualTo(40);
    assertThat(figure.peer()).isEqualTo(50);
    assertThat(figure.ratio()).isEqualTo(0.8);
    assertThat(figure.verdict()).isEqualTo(Figure.Verdict.REACHED);
  }

  @Test
  void medianOfAnEvenNumberIsBetweenTheMiddleTwo() {
    Samples samples = new Samples();
    samples.add(4);
    samples.add(1);
    samples.add(2);
    samples.add(100);
    assertThat(samples.figure("x", "what", "s", null).value()).isEqualTo(3);
  }

  @Test
  void missedTargetIsSaidSo() {
    Figure figure =
        new Figure("bytes", "before merges", 9.5, "bytes", null, null, Figure.Target.atMost(8));
    assertThat(figure.verdict()).isEqualTo(Figure.Verdict.MISSED);
    assertThat(figure.text()).contains("9.500", "at most 8.000", "missed");
  }

  @Test
  void ratioWithoutAPeerIsNotCompared() {
    Figure figure =
        new Figure("x", "what", 9, "docs/s", null, null, Figure.Target.ratioAtLeast(0.5));
    assertThat(figure.verdict()).isEqualTo(Figure.Verdict.NOT_COMPARED);
  }

  @Test
  void helpNamesEveryMeasurement() {
    assertThat(Measurement.NAMES)
        .isEqualTo(
            Arrays.stream(Measurement.values())
                .map(Measurement::text)
                .collect(Collectors.joining(", ")));
  }
}
