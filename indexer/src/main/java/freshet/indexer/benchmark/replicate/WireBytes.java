package freshet.indexer.benchmark.replicate;

import freshet.indexer.benchmark.build.ContentCheck;
import freshet.indexer.benchmark.build.CorpusTable;
import freshet.indexer.benchmark.build.Figure;
import freshet.indexer.benchmark.build.Figure.Target;
import freshet.indexer.benchmark.build.MasterFolder;
import freshet.indexer.benchmark.build.Samples;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What goes over the wire, both ways and headers included, for each byte of changed text, where
 * every generation is pulled at once: fresh segments first, then what was merged.
 */
final class WireBytes {
  private static final double SHARE = 0.95;
  private static final double TAIL = 0.99;

  private final Rows rows;
  private final Row row;
  private final CorpusTable table;
  private final int changesPerCity;
  private final Target wanted;
  private final @Nullable Target wantedTail;

  private long text;
  private long fetched;
  private long byRsync;
  private long byRsyncZ;
  private long bySphinx;
  private final Samples ratios = new Samples();

  WireBytes(
      Rows rows,
      Row row,
      CorpusTable table,
      int changesPerCity,
      Target wanted,
      @Nullable Target wantedTail) {
    this.rows = rows;
    this.row = row;
    this.table = table;
    this.changesPerCity = changesPerCity;
    this.wanted = wanted;
    this.wantedTail = wantedTail;
  }

  void run() throws Exception {
    MasterFolder folder = rows.master(table, rows.server().port(), Settings.WIRE);
    Optional<Mirror> plain =
        rows.mirror(row.text() + "-rsync", "--no-whole-file", Settings.NO_PACKS);
    Optional<Mirror> zipped =
        rows.mirror(row.text() + "-rsync-z", "-z", "--no-whole-file", Settings.NO_PACKS);
    Optional<ShippedSphinx> sphinx = rows.sphinx(table);
    try (ServedMaster master = ServedMaster.start(folder, rows.time());
        SharedLink link = SharedLink.unlimited(rows.time());
        BenchmarkSlave slave =
            new BenchmarkSlave(
                link.portTo(master.port()),
                rows.folder().resolve(row.text() + "-store"),
                rows.workload().replay(),
                rows.time())) {
      MergedBytes merged = new MergedBytes();
      ServedMaster.Published pull =
          () -> {
            slave.pull(Duration.ZERO);
            merged.count(slave.store(), slave.store().latestSnapshot().orElseThrow());
          };
      master.untilIdle(pull);
      update(plain, folder);
      update(zipped, folder);
      if (sphinx.isPresent()) {
        sphinx.get().start();
      }
      long mergedBefore = merged.bytes();
      long replayedBefore = slave.replayedBytes();
      for (int i = 0; i < rows.workload().increments(); i++) {
        CorpusTable.Change change =
            table.changeFew(changesPerCity * table.cities().size(), table.cities().size());
        long before = link.bytes();
        master.publish();
        pull.then();
        master.untilIdle(pull);
        count(change.textBytes(), link.bytes() - before);
        byRsync += update(plain, folder);
        byRsyncZ += update(zipped, folder);
        bySphinx += sphinx.isPresent() ? sphinx.get().increment(change) : 0;
      }
      ContentCheck.pass(folder, slave.store());
      tell(plain.isPresent(), sphinx.isPresent());
      replayed(slave.replayedBytes() - replayedBefore, merged.bytes() - mergedBefore);
    }
  }

  private static long update(Optional<Mirror> mirror, MasterFolder folder) throws Exception {
    return mirror.isPresent()
        ? mirror.get().update(folder.repository().layout().root()).bytes()
        : 0;
  }

  private void count(long textBytes, long bytes) {
    text += textBytes;
    fetched += bytes;
    ratios.add((double) bytes / textBytes);
  }

  private void tell(boolean hasRsync, boolean hasSphinx) {
    double own = (double) fetched / text;
    Double rsync = hasRsync ? (double) byRsync / text : null;
    String what =
        "on the wire for a byte of changed text, %d increments of %d changes in each of %d cities"
            .formatted(rows.workload().increments(), changesPerCity, table.cities().size());
    rows.found(
        new Figure(
            row.text(), what, own, "bytes", rsync, rsync == null ? null : own / rsync, wanted));
    rows.found(
        new Figure(
            row.text() + ", p99",
            "of a single increment",
            ratios.at(TAIL),
            "bytes",
            null,
            null,
            wantedTail));
    if (hasRsync) {
      peer("rsync -z", "the repository's changed files, deltas and compression", byRsyncZ);
    }
    if (hasSphinx) {
      peer("Sphinx+rsync", "indexes that Sphinx merged, deltas", bySphinx);
    }
  }

  private void replayed(long bytes, long ofBytes) {
    if (ofBytes == 0) {
      rows.talk().accept(row.text() + ": nothing was merged in so few increments");
      return;
    }
    rows.found(
        new Figure(
            row.text() + ", replayed",
            "share of merged bytes that the slave made itself",
            (double) bytes / ofBytes,
            "",
            null,
            null,
            Target.atLeast(SHARE)));
  }

  private void peer(String name, String what, long bytes) {
    rows.found(
        new Figure(
            row.text() + ", " + name, what, (double) bytes / text, "bytes", null, null, null));
  }
}
