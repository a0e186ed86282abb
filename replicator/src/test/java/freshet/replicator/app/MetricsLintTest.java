package freshet.replicator.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricsLintTest {

  @Test
  void whatIsRightPasses() {
    assertThat(
            MetricsLint.problems(
                """
                # HELP a_seconds How long
                # TYPE a_seconds histogram
                a_seconds_bucket{le="0.1"} 1
                a_seconds_bucket{le="+Inf"} 2
                a_seconds_count 2
                a_seconds_sum 1.5E-4
                # HELP a_total How often
                # TYPE a_total counter
                a_total{class="{\\"le=}"} 3.0
                """))
        .isEmpty();
  }

  @Test
  void whatIsWrongIsNamed() {
    assertThat(
            MetricsLint.problems(
                """
                # HELP a_total \s
                # TYPE a_total counter
                a_total 1
                # HELP b How often
                # TYPE b counter
                b 1
                # HELP c_ms How long
                # TYPE c_ms gauge
                c_ms{quantile="0.5"} 1
                d 1
                """))
        .containsExactlyInAnyOrder(
            "a_total: no HELP",
            "b: _total is for counters, and all of them, not for a counter",
            "c_ms: the label quantile belongs to summaries",
            "c_ms: no base unit",
            "d: no HELP",
            "d: no TYPE");
    assertThat(MetricsLint.problems("a 1\n".repeat(201))).contains("a: 201 series");
  }
}
