package freshet.indexer.scan;

import freshet.indexer.session.ConnectGate;
import freshet.indexer.session.Sessions;
import freshet.indexer.source.Listings;
import freshet.indexer.source.SourceOptions;
import freshet.indexer.table.Row;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.IndexSchema;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Scans of listings' tables. */
final class Scans {
  private Scans() {}

  static SqlTableScan of(Listings listings, SourceOptions options, IndexSchema schema) {
    ConnectGate gate = new ConnectGate(options.session());
    return new SqlTableScan(
        new ScanOptions(options, schema, Duration.ofSeconds(30)),
        () ->
            new Sessions(
                options.session(),
                gate,
                listings.time,
                new Random(1),
                listings.stop,
                listings.listener),
        listings.time,
        listings.stop,
        listings.quarantine);
  }

  /** Waits until the scan waits for something that is told so. */
  static void awaitReason(TableScan scan, String part) throws InterruptedException {
    String unused = reason(scan, part);
  }

  /** The same, and what is told then: the next look may find nothing, between two waits. */
  static String reason(TableScan scan, String part) throws InterruptedException {
    Time time = new SystemTime();
    while (true) {
      Optional<String> found = scan.waitsFor().filter(why -> why.contains(part));
      if (found.isPresent()) {
        return found.get();
      }
      time.sleep(Duration.ofMillis(5));
    }
  }

  /** Rows as they come. */
  static final class Rows implements TableScan.RowSink {
    final List<Row> all = new ArrayList<>();
    final List<DocumentKey> pages = new ArrayList<>();

    @Override
    public void page(List<Row> rows, DocumentKey last) throws IOException {
      all.addAll(rows);
      pages.add(last);
    }

    /** The first value of each document. */
    List<Object> titles() {
      List<Object> titles = new ArrayList<>();
      for (Row row : all) {
        if (row instanceof Row.Found found) {
          titles.add(String.valueOf(found.document().values().getFirst()));
        }
      }
      return titles;
    }
  }
}
