/**
 * Looks at a table that nobody has configured yet, and proposes how to index it.
 *
 * <p>In: a {@link freshet.indexer.check.Conversation} and what the user asked for. Out: a {@link
 * freshet.indexer.inspect.Proposal}, its {@link freshet.indexer.inspect.ConfigText} and what the
 * first build will cost, by {@link freshet.indexer.inspect.TableInspection}, the entry type.
 *
 * <p>May import: {@code connect}, {@code session}, {@code table}, {@code source}, {@code check};
 * {@code config}, {@code snapshot} of the replicator; Lucene's analyzers. Invariant: it reads
 * bounded samples within finite times, and changes nothing.
 */
@NullMarked
package freshet.indexer.inspect;

import org.jspecify.annotations.NullMarked;
