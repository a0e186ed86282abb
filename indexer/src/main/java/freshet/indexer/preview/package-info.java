/**
 * What a row would be in the index, for people who write a configuration.
 *
 * <p>In: {@link freshet.indexer.table.Row}s, and why those were set aside that can't become
 * documents. Out: {@link freshet.indexer.preview.RowPreview}s, by {@link
 * freshet.indexer.preview.Previewer}, the entry type, and their text.
 *
 * <p>May import: {@code table}, {@code quarantine}; {@code search}, {@code schema}, {@code
 * snapshot} of the replicator. Invariant: analyzers and values are those of the index, by the same
 * code.
 */
@NullMarked
package freshet.indexer.preview;

import org.jspecify.annotations.NullMarked;
