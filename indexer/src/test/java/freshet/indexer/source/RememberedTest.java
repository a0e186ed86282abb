package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.source.Remembered.WithoutGtid;
import freshet.indexer.source.Remembered.WithoutGtid.Left;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.SnapshotCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RememberedTest {
  @Test
  void whatIsKeptWithoutGtidIsReadAgain() throws Exception {
    Remembered remembered =
        Remembered.NOTHING.with(
            new WithoutGtid(
                "b", 7, new Left("a", "b", 10, 20), List.of(new Cursor(5, TableModel.key(1)))));
    assertThat(SnapshotCodec.read(SnapshotCodec.write(remembered), Remembered.class, "it"))
        .isEqualTo(remembered);
  }

  @Test
  void fileOfBeforeIsRead() throws Exception {
    byte[] old =
        """
        {"overlap":"PT0S","sweep":{},"diff":{"last":5}}"""
            .getBytes(StandardCharsets.UTF_8);
    assertThat(SnapshotCodec.read(old, Remembered.class, "it").withoutGtid()).isNull();
  }
}
