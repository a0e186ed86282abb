package freshet.replicator.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import freshet.replicator.freshness.Age;
import freshet.replicator.snapshot.SnapshotCodec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Test
  void aSlaveGrowsOlderUntilItReportsAgain() throws Exception {
    JsonNode report =
        MAPPER.readTree(SnapshotCodec.write(SamplePage.status("s", Duration.ofSeconds(2))));

    SlaveRow row = SlaveRow.of("s", SamplePage.NOON, report, SamplePage.NOON.plusSeconds(60));

    assertThat(row.age()).isEqualTo(new Age.Known(Duration.ofSeconds(62)));
    assertThat(row.canary()).isEqualTo(new Age.Known(Duration.ofSeconds(66)));
    assertThat(row.stages().total()).isEqualTo(Duration.ofSeconds(62));
  }

  @Test
  void aReportThatCantBeReadHasNoAge() throws Exception {
    for (String text : List.of("{}", "{\"age\":7}", "{\"name\":[]}", "{\"at\":\"never\"}")) {
      SlaveRow row = SlaveRow.of("s", SamplePage.NOON, MAPPER.readTree(text), SamplePage.NOON);
      assertThat(row.status()).as(text).isNull();
      assertThat(row.age()).isInstanceOf(Age.Unknown.class);
    }
  }

  @Test
  void aHistogramHasOneBucketMoreThanBounds() {
    assertThatThrownBy(() -> new PhaseHistogram("db", "tcp", List.of(Duration.ZERO), List.of(1L)))
        .hasMessage("1 bounds make 2 buckets, not 1");
  }

  @Test
  void bytesAreSaidInTheirUnit() {
    assertThat(Tables.bytes(0)).isEqualTo("0 B");
    assertThat(Tables.bytes(1_023)).isEqualTo("1023 B");
    assertThat(Tables.bytes(1_536)).isEqualTo("1.5 KiB");
    assertThat(Tables.bytes(Long.MAX_VALUE)).isEqualTo("8.0 EiB");
  }

  @Test
  void charactersThatHtmlCantHoldAreReplaced() {
    assertThat(new Html().text("a\u0000\u001b\ud800b\ud83d\ude00\n").toString())
        .isEqualTo("a\ufffd\ufffd\ufffdb\ud83d\ude00\n");
    assertThat(new Html().open("a", "href", "\"><b>").toString())
        .isEqualTo("<a href=\"&quot;&gt;&lt;b&gt;\">");
  }
}
