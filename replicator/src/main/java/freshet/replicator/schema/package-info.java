/**
 * What the schema means in Lucene: analyzers by name, documents in, stored values out.
 *
 * <p>In: {@link freshet.replicator.snapshot.IndexSchema}. Out: {@link
 * freshet.replicator.schema.DocumentFields}, which the indexer builds documents with and slaves
 * read hits with; {@link freshet.replicator.schema.Analyzers}; {@link
 * freshet.replicator.schema.ContentDigest}; {@link freshet.replicator.schema.CommitData}, what a
 * city commit says of itself.
 *
 * <p>May import: {@code snapshot}. Invariant: a master and its slaves analyze by the same schema,
 * since it travels in the snapshot and both turn it into Lucene's terms here.
 */
@NullMarked
package freshet.replicator.schema;

import org.jspecify.annotations.NullMarked;
