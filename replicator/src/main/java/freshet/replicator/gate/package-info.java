/**
 * Stands between what was built and what is advertised: a city that lost more documents than is
 * plausible is held at its last good commit, until somebody approves it.
 *
 * <p>In: document counts of the cities that are to be published, and how many documents left them
 * for others. Out: {@link freshet.replicator.gate.GateReport}, and a file for each held city in the
 * repository. Entry: {@link freshet.replicator.gate.PublishGate}.
 *
 * <p>May import: {@code repository}, {@code snapshot}, {@code files}, {@code runtime}. Invariant: a
 * hold is on disk before a generation that leaves its city behind is advertised.
 */
@NullMarked
package freshet.replicator.gate;

import org.jspecify.annotations.NullMarked;
