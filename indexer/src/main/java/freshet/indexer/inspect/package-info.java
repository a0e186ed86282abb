/**
 * Looks at a table that nobody has configured yet.
 *
 * <p>In: a {@link freshet.indexer.check.Conversation} and what the user asked for. Out: {@link
 * freshet.indexer.inspect.TableFacts}, by {@link freshet.indexer.inspect.TableInspection}, the
 * entry type.
 *
 * <p>May import: {@code connect}, {@code session}, {@code table}, {@code check}; {@code config},
 * {@code snapshot} of the replicator. Invariant: it reads bounded samples within finite times, and
 * changes nothing.
 */
@NullMarked
package freshet.indexer.inspect;

import org.jspecify.annotations.NullMarked;
