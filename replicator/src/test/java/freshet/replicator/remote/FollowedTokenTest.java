package freshet.replicator.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.replicator.runtime.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FollowedTokenTest {
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final ManualTime time = new ManualTime(Instant.EPOCH);
  private String file = "first";
  private int fetches;

  @Test
  void anotherOneIsTakenUpWithinFiveSeconds() throws Exception {
    FollowedToken token = new FollowedToken(this::fetch, time);
    file = "second";
    time.advance(INTERVAL.minusMillis(1));
    assertThat(token.get()).isEqualTo(new BearerToken("first"));

    time.advance(Duration.ofMillis(1));
    assertThat(token.get()).isEqualTo(new BearerToken("second"));
    assertThat(token.get()).isEqualTo(new BearerToken("second"));
    assertThat(fetches).isEqualTo(2);
  }

  @Test
  void oneThatCanNotBeHadOrIsNoneKeepsTheOneOfBefore() throws Exception {
    FollowedToken token = new FollowedToken(this::fetch, time);
    for (String bad : new String[] {"", "two words"}) {
      file = bad;
      time.advance(INTERVAL);
      assertThat(token.get()).isEqualTo(new BearerToken("first"));
    }

    file = "third";
    time.advance(INTERVAL);
    assertThat(token.get()).isEqualTo(new BearerToken("third"));
  }

  @Test
  void withoutAFirstOneThereIsNone() {
    file = "";
    assertThatThrownBy(() -> new FollowedToken(this::fetch, time)).isInstanceOf(IOException.class);
  }

  private String fetch() throws IOException {
    fetches++;
    if (file.isEmpty()) {
      throw new IOException("it is empty");
    }
    return file;
  }
}
