/**
 * Reads the whole table in the order of its keys: split into ranges that are read in parallel, each
 * page resumed at the last key after a failure, and slowed down for the sake of whoever else needs
 * the server.
 *
 * <p>In: {@link freshet.indexer.scan.ScanOptions}. Out: rows by ranges, and the position that polls
 * go on from, by {@link freshet.indexer.scan.TableScan}, the entry type.
 *
 * <p>May import: {@code source}, {@code table}, {@code session}, {@code connect}, {@code
 * quarantine}; {@code snapshot}, {@code runtime} of the replicator. Invariant: ranges are together
 * the whole table, and a range is read behind its last page only.
 */
@NullMarked
package freshet.indexer.scan;

import org.jspecify.annotations.NullMarked;
