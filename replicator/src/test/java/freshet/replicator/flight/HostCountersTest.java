package freshet.replicator.flight;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.flight.ProcText.Cpu;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostCountersTest {

  @ParameterizedTest
  @CsvSource({"5, 9, 4", "5, 5, 0", "9, 5, ", ", 5, ", "5, , "})
  void aCounterThatBeganAnewTellsNothing(Long before, Long now, Long growth) {
    assertThat(HostCounters.growth(before, now)).isEqualTo(growth);
  }

  @Test
  void stealIsAShareOfWhatPassed() {
    HostCounters before = counters(new Cpu(1_000, 10), 0L, Map.of());

    assertThat(counters(new Cpu(1_200, 60), 0L, Map.of()).stealPercentSince(before))
        .isEqualTo(25.0);
    assertThat(counters(new Cpu(1_000, 10), 0L, Map.of()).stealPercentSince(before)).isNull();
    assertThat(counters(null, 0L, Map.of()).stealPercentSince(before)).isNull();
    assertThat(before.stealPercentSince(counters(null, 0L, Map.of()))).isNull();
  }

  @Test
  void theBusiestDiskCountsAndANewOneDoesNot() {
    HostCounters before = counters(null, 1_000L, Map.of("sda", 100L, "sdb", 200L));
    HostCounters now = counters(null, 3_500L, Map.of("sda", 400L, "sdb", 250L, "sdc", 9_999L));

    assertThat(now.busySince(before)).isEqualTo(Duration.ofMillis(300));
    assertThat(now.waitedSince(before)).isEqualTo(Duration.ofNanos(2_500_000));
    assertThat(now.busySince(counters(null, null, Map.of()))).isNull();
    assertThat(now.waitedSince(counters(null, null, Map.of()))).isNull();
  }

  private static HostCounters counters(
      @Nullable Cpu cpu, @Nullable Long waited, Map<String, Long> busy) {
    return new HostCounters(null, null, null, cpu, waited, new TreeMap<>(busy), List.of());
  }
}
