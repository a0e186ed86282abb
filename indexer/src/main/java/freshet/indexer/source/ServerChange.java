package freshet.indexer.source;

import freshet.indexer.source.Remembered.WithoutGtid;
import freshet.indexer.source.Remembered.WithoutGtid.Left;
import freshet.indexer.table.WallClock;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.SourcePosition;
import java.util.List;

/**
 * Notices that another server is polled than before, where no GTID says what it has executed. Pure;
 * in microseconds, on the database's clock.
 *
 * @param server that is polled
 * @param hasGtid whether it tells what it has executed
 * @param now its clock
 * @param lag at most; 0 if it is unknown
 * @param overlap how far behind its stamp a transaction may commit
 * @param clock by which documents are stamped
 */
record ServerChange(
    String server, boolean hasGtid, long now, long lag, long overlap, WallClock clock) {

  /** What is to be remembered of the server before anything is read from it. */
  Remembered begin(SourcePosition from, Remembered before) {
    WithoutGtid known = before.withoutGtid();
    Left left = known == null ? null : known.left();
    String last = known == null ? from.server() : known.server();
    boolean hasChanged = !last.isEmpty() && !last.equals(server) && from.gtid().isEmpty();
    if (hasGtid && !hasChanged && left == null) {
      return before.with((WithoutGtid) null);
    }
    long largest = Math.max(lag, known == null ? 0 : known.largestLag());
    return before.with(
        new WithoutGtid(
            server,
            largest,
            hasChanged ? leftAt(last, from, largest) : left,
            known == null ? List.of() : known.deleted()));
  }

  /** The other server's clock may have been ahead, and shown what was read from it. */
  private Left leftAt(String last, SourcePosition from, long largestLag) {
    Cursor read = from.changes();
    long at = read.equals(Cursor.START) ? now : Math.max(now, clock.last(read.version()));
    return new Left(last, server, at, at + overlap + largestLag);
  }
}
