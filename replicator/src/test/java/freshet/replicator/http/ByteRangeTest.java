package freshet.replicator.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ByteRangeTest {
  private static final ByteRange WHOLE = new ByteRange.Whole();
  private static final ByteRange NONE = new ByteRange.Unsatisfiable();

  @Test
  void aSingleRangeIsCutToWhatThereIs() {
    assertThat(of("bytes=0-9")).isEqualTo(new ByteRange.Part(0, 10));
    assertThat(of("bytes=90-")).isEqualTo(new ByteRange.Part(90, 10));
    assertThat(of("bytes=90-500")).isEqualTo(new ByteRange.Part(90, 10));
    assertThat(of("bytes=-10")).isEqualTo(new ByteRange.Part(90, 10));
    assertThat(of("bytes=-500")).isEqualTo(new ByteRange.Part(0, 100));
    assertThat(of("bytes=99-99")).isEqualTo(new ByteRange.Part(99, 1));
    assertThat(new ByteRange.Part(90, 10).contentRange(100)).isEqualTo("bytes 90-99/100");
  }

  @Test
  void aRangeBehindTheEndCantBeSatisfied() {
    assertThat(of("bytes=100-")).isEqualTo(NONE);
    assertThat(of("bytes=-0")).isEqualTo(NONE);
    assertThat(ByteRange.of(Optional.of("bytes=0-"), Optional.empty(), "\"a\"", 0)).isEqualTo(NONE);
  }

  @Test
  void whatIsNoSingleRangeIsIgnored() {
    for (String text :
        new String[] {"bytes=0-1,5-6", "bytes=5-2", "bytes=-", "lines=1-2", "bytes=a-b", ""}) {
      assertThat(of(text)).as(text).isEqualTo(WHOLE);
    }
    assertThat(of("bytes=99999999999999999999-")).isEqualTo(WHOLE);
  }

  @Test
  void anotherVersionIsSentWhole() {
    Optional<String> range = Optional.of("bytes=10-");

    assertThat(ByteRange.of(range, Optional.of("\"a\""), "\"a\"", 100))
        .isEqualTo(new ByteRange.Part(10, 90));
    assertThat(ByteRange.of(range, Optional.of("\"b\""), "\"a\"", 100)).isEqualTo(WHOLE);
  }

  private static ByteRange of(String range) {
    return ByteRange.of(Optional.of(range), Optional.empty(), "\"a\"", 100);
  }
}
