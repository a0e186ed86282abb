/**
 * When things run on a slave: on a cron expression, on notice, again after a failure.
 *
 * <p>In: stages as functions. Out: {@link freshet.replicator.schedule.CronSchedule}, jobs by cron
 * expression (the indexer uses it too); {@link freshet.replicator.schedule.SlaveLoop}, which keeps
 * a store as new as its remote and says at any time what it waits for.
 *
 * <p>May import: every stage; only {@code app} imports this. Invariant: no job runs twice at a
 * time, and a stop is heard within ten seconds whatever a remote does.
 */
@NullMarked
package freshet.replicator.schedule;

import org.jspecify.annotations.NullMarked;
