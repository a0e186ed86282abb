/**
 * One cycle of the master: poll, route, build, publish, and then merge in the background.
 *
 * <p>In: a {@link freshet.indexer.source.ChangeSource}, the working indexes, a publisher. Out:
 * {@link freshet.indexer.schedule.CycleReport}. Entry: {@link freshet.indexer.schedule.Cycle}.
 *
 * <p>May import: all stages. Invariant: the position that the next poll resumes from never lies
 * ahead of what is published, city by city.
 */
@NullMarked
package freshet.indexer.schedule;

import org.jspecify.annotations.NullMarked;
