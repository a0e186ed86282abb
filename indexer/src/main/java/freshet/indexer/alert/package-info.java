/**
 * What a master sees to be wrong: with the database, its cycles, its cities, its slaves.
 *
 * <p>In: the newest cycle's report and what stands around it, as a {@link
 * freshet.indexer.alert.MasterObservation}. Out: symptoms, by {@link
 * freshet.indexer.alert.MasterSymptoms}; the replicator makes incidents of them, and knows no
 * database.
 *
 * <p>May import: {@code schedule}, {@code source}, {@code session}, {@code connect} of the indexer;
 * {@code alert}, {@code incident}, {@code freshness}, {@code pause}, {@code publish}, {@code
 * snapshot}, {@code runtime} of the replicator. Invariant: what is wrong is a pure function of the
 * observation.
 */
@NullMarked
package freshet.indexer.alert;

import org.jspecify.annotations.NullMarked;
