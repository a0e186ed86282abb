/**
 * Says which party is at fault when connections to the database are slow, fail, or were better on
 * another day.
 *
 * <p>In: {@link freshet.indexer.source.SourceOptions}. Out: a {@link freshet.indexer.doctor.Report}
 * by {@link freshet.indexer.doctor.Doctor}, the entry type: phases of many connects, facts of
 * servers and of this host, findings. {@link freshet.indexer.doctor.Comparison} names what differs
 * between two reports, {@link freshet.indexer.doctor.DoctorText} shows them.
 *
 * <p>May import: {@code connect}, {@code session}, {@code source}, {@code check}; {@code snapshot},
 * {@code runtime} of the replicator. Invariant: it reads and changes nothing, connects one at a
 * time and slowly, and holds no secret.
 */
@NullMarked
package freshet.indexer.doctor;

import org.jspecify.annotations.NullMarked;
