/**
 * Proposes how to index a table that nobody has configured yet.
 *
 * <p>In: what {@link freshet.indexer.inspect.TableInspection} finds and what the user asked for.
 * Out: a {@link freshet.indexer.propose.Proposal}, its {@link freshet.indexer.propose.ConfigText}
 * and what the first build will cost. {@link freshet.indexer.propose.Proposer} is the entry type;
 * the rules behind it are pure.
 *
 * <p>May import: {@code connect}, {@code session}, {@code table}, {@code source}, {@code check},
 * {@code inspect}; {@code config}, {@code schema}, {@code snapshot}, {@code runtime} of the
 * replicator; Lucene's analyzers. Invariant: what is proposed passes the check once the statements
 * were run that it names, but for {@code lag}, where the account may not ask whether the server is
 * a replica.
 */
@NullMarked
package freshet.indexer.propose;

import org.jspecify.annotations.NullMarked;
