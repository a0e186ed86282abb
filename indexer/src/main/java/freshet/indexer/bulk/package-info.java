/**
 * Builds the indexes of many cities from the rows of a whole table: as fast as raw Lucene, in
 * bounded memory, and so that a process that is killed goes on where it was.
 */
@NullMarked
package freshet.indexer.bulk;

import org.jspecify.annotations.NullMarked;
