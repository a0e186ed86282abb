/**
 * Looks whether live servers are as the configuration and a poll need them.
 *
 * <p>In: {@link freshet.indexer.source.SourceOptions}. Out: {@link
 * freshet.indexer.source.Finding}s, by {@link freshet.indexer.doctor.ConfigCheck}, the entry type.
 *
 * <p>May import: {@code connect}, {@code session}, {@code table}, {@code source}; {@code snapshot},
 * {@code runtime} of the replicator. Invariant: it reads and changes nothing.
 */
@NullMarked
package freshet.indexer.doctor;

import org.jspecify.annotations.NullMarked;
