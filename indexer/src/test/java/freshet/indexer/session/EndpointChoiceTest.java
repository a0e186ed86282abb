package freshet.indexer.session;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.connect.Endpoint;
import freshet.indexer.session.EndpointChoice.Candidate;
import freshet.indexer.session.EndpointChoice.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointChoiceTest {
  private static final Duration MAX_LAG = Duration.ofSeconds(60);

  /** Lag in seconds, ? for unknown, - for not measured, ! for a breaker that is open. */
  private static Candidate candidate(String host, String what) {
    @Nullable Lag lag =
        switch (what) {
          case "-", "!" -> null;
          case "?" -> new Lag.Unknown("as the test says");
          default -> new Lag.Known(Duration.ofSeconds(Long.parseLong(what)));
        };
    return new Candidate(new Endpoint(host, 3306), what.equals("!"), lag);
  }

  private static List<Candidate> candidates(String whats) {
    List<Candidate> candidates = new ArrayList<>();
    for (String what : whats.split(" ", -1)) {
      candidates.add(candidate(String.valueOf((char) ('a' + candidates.size())), what));
    }
    return candidates;
  }

  @ParameterizedTest
  @CsvSource({
    // as configured, while nothing speaks against it
    "- - -, a b c",
    "0 0 0, a b c",
    "59 0, a b",
    "60 0, a b",
    // too much lag loses to less, and to one that was not measured
    "61 0, b a",
    "61 -, b a",
    "90 70 80, b c a",
    // an unknown lag comes after every known one
    "? 0, b a",
    "? 3600, b a",
    "? ?, a b",
    // what fails comes last, but comes
    "! 0, b a",
    "! 61 ?, b c a",
    "! !, a b",
  })
  void orderFollowsHealthThenLagThenConfiguration(String whats, String expected) {
    assertThat(EndpointChoice.inOrder(candidates(whats), MAX_LAG))
        .extracting(candidate -> candidate.endpoint().host())
        .containsExactly(expected.split(" ", -1));
  }

  @ParameterizedTest
  @CsvSource({
    "-, SOUND",
    "60, SOUND",
    "61, LAGGING",
    "?, LAG_UNKNOWN",
    "!, FAILING",
  })
  void standingSaysWhy(String what, Standing expected) {
    assertThat(candidate("a", what).standing(MAX_LAG)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    // a good one is kept; one that lags is measured against others that may be better
    "0, -, false",
    "60, 0, false",
    "61, -, true",
    "61, 30, true",
    "61, 62, false",
    "61, ?, false",
    "61, !, false",
    "?, 3600, true",
    "?, -, true",
    "?, ?, false",
  })
  void othersAreAskedOnlyIfTheyMayBeBetter(String best, String other, boolean expected) {
    assertThat(
            EndpointChoice.isWorthAsking(
                candidate("b", other), candidate("a", best).lag(), MAX_LAG))
        .isEqualTo(expected);
  }

  @Test
  void withoutAnyEveryOneIsWorthAsking() {
    assertThat(EndpointChoice.isWorthAsking(candidate("a", "!"), null, MAX_LAG)).isTrue();
  }
}
