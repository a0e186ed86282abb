/**
 * Looks back at incidents and failures: what the verbs {@code incident} of both roles print.
 *
 * <p>In: the journal of told incidents, the recorder's files, and, where a daemon runs, what it
 * says of open incidents. Out: text or JSON. Entry types: one set of options for each verb, such as
 * {@link freshet.replicator.review.IncidentListOptions}, over the {@link
 * freshet.replicator.review.IncidentFiles} of a node.
 *
 * <p>May import: {@code alert}, {@code flight}, {@code incident}, {@code freshness}, {@code
 * command}, {@code config}, {@code snapshot}, {@code runtime}. Invariant: nothing is changed, and
 * no daemon is needed.
 */
@NullMarked
package freshet.replicator.review;

import org.jspecify.annotations.NullMarked;
