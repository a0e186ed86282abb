/**
 * The master's configuration: every key of conf/indexer.yaml, as the options of the stages.
 *
 * <p>In: a YAML file. Out: {@link freshet.indexer.config.IndexerConfig}, the entry type.
 *
 * <p>May import: {@code config}, {@code schema}, {@code snapshot}, {@code repository} of the
 * replicator, and the stages whose options it makes. Invariant: what it returns was checked whole;
 * docs/configuration.md has the same keys, held by a test.
 */
@NullMarked
package freshet.indexer.config;

import org.jspecify.annotations.NullMarked;
