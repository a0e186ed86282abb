/**
 * What every stage runs on: the clock, named workers, the signal to stop.
 *
 * <p>In: nothing. Out: {@link freshet.replicator.runtime.Time}, the only way to learn the time or
 * to wait; {@link freshet.replicator.runtime.Workers}, the only way to start threads; {@link
 * freshet.replicator.runtime.StopSignal}, how a termination signal reaches a running stage; {@link
 * freshet.replicator.runtime.IoReason}, what a failed read or write is called in messages; {@link
 * freshet.replicator.runtime.WholeAnswer}, the only way to wait for an answer over HTTP that is
 * read as a whole; {@link freshet.replicator.runtime.Count} and {@link
 * freshet.replicator.runtime.ShellWord}, for the words and commands in them.
 *
 * <p>May import: nothing of Freshet. Invariant: no other package reads a clock or sleeps, so that a
 * test on a manual clock decides when everything happens.
 */
@NullMarked
package freshet.replicator.runtime;

import org.jspecify.annotations.NullMarked;
