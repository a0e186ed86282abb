package freshet.replicator.snapshot;

import java.util.Map;
import java.util.TreeMap;

/**
 * Up to where the database was read. Stored in the user data of every city commit and in every
 * manifest, so that documents and position can't drift apart.
 *
 * @param server identity of the server that was read (server_uuid, server_uid or server_id), empty
 *     before the first poll
 * @param gtid the transactions that this server had executed after the last page, in its own
 *     notation; empty without GTID
 * @param deletions cursor in the tombstones
 * @param changes cursor in the documents' table
 * @param sides cursor of each joined table that yields documents to read again, by name
 */
public record SourcePosition(
    String server, String gtid, Cursor deletions, Cursor changes, Map<String, Cursor> sides) {
  /** Where a first poll begins. */
  public static final SourcePosition START =
      new SourcePosition("", "", Cursor.START, Cursor.START, Map.of());

  /** Copies the map. */
  public SourcePosition {
    sides = java.util.Collections.unmodifiableMap(new TreeMap<>(sides));
  }
}
