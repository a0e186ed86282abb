package freshet.replicator.flight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProcTextTest {
  private static final String SNMP =
      """
      Ip: Forwarding DefaultTTL
      Ip: 1 64
      Tcp: RtoAlgorithm RtoMin MaxConn InSegs OutSegs RetransSegs
      Tcp: 1 200 -1 900 800 17
      """;

  @ParameterizedTest
  @CsvSource({
    "Tcp, RetransSegs, 17",
    "Tcp, InSegs, 900",
    "Ip, DefaultTTL, 64",
    "Tcp, MaxConn, ",
    "Tcp, InErrs, ",
    "Udp, InSegs, ",
    "Tcp, Tcp:, "
  })
  void aCounterIsFoundByItsName(String protocol, String name, Long expected) {
    assertThat(ProcText.counter(SNMP, protocol, name))
        .isEqualTo(expected == null ? OptionalLong.empty() : OptionalLong.of(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Tcp: RetransSegs", "Tcp: RetransSegs\nTcp:", "Tcp: a RetransSegs\nTcp: 1"})
  void whatIsCutShortIsAbsent(String text) {
    assertThat(ProcText.counter(text, "Tcp", "RetransSegs")).isEmpty();
  }

  @Test
  void stealIsTheEighthTimeAndGuestsCountOnce() {
    assertThat(ProcText.cpu("cpu  10 20 30 400 50 6 7 8 100 200\ncpu0 1 1 1 1 1 1 1 1"))
        .contains(new ProcText.Cpu(531, 8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "cpu  1 2 3 4 5 6 7", "cpu0 1 2 3 4 5 6 7 8", "cpu 1 2 x 4 5 6 7 8"})
  void aLineThatIsNotThatOfAllProcessorsIsAbsent(String text) {
    assertThat(ProcText.cpu(text)).isEmpty();
  }

  @Test
  void pressureIsWhatSomeTaskWaited() {
    String text =
        """
        some avg10=0.12 avg60=0.00 avg300=0.00 total=4711
        full avg10=0.00 avg60=0.00 avg300=0.00 total=815
        """;
    assertThat(ProcText.waited(text)).hasValue(4_711);
    assertThat(ProcText.waited("full avg10=0.00 total=815")).isEmpty();
  }

  @Test
  void eachDiskIsBusyForItself() {
    String text =
        """
           7       0 loop0 1 0 8 3 0 0 0 0 0 77 3
         259       0 nvme0n1 100 5 2000 40 60 3 900 80 0 130 120 0 0 0 0
         259       1 nvme0n1p1 90 5 1900 30 60 3 900 80 0 125 110
           8       0 sda 1 2 3
           1       0 ram0 0 0 0 0 0 0 0 0 0 9 0
        """;
    assertThat(ProcText.busy(text))
        .containsExactlyInAnyOrderEntriesOf(Map.of("nvme0n1", 130L, "nvme0n1p1", 125L));
  }
}
