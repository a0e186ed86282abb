/**
 * What is wrong, for how long, and whether somebody is told of it. Pure: no clock, no disk.
 *
 * <p>In: a {@link freshet.replicator.incident.Look}, which holds a {@link
 * freshet.replicator.incident.Symptom} for each {@link freshet.replicator.incident.Cause} that is
 * there at that moment; each role makes its own. Out: {@link
 * freshet.replicator.incident.IncidentBook} with the incidents that are open, and a {@link
 * freshet.replicator.incident.Notice} for each begin, reminder and end.
 *
 * <p>May import: nothing of Freshet. Invariant: a cause has at most one open incident, however many
 * cities or slaves it has; what an open incident explains opens none of its own.
 */
@NullMarked
package freshet.replicator.incident;

import org.jspecify.annotations.NullMarked;
