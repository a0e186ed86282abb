/**
 * Brings a remote's newest snapshot into the store, which is a repository of its own.
 *
 * <p>In: what {@link freshet.replicator.remote.RemoteRepository} offers. Out: {@link
 * freshet.replicator.pull.Puller}, one pull, and its {@link freshet.replicator.pull.PullOutcome}.
 * {@link freshet.replicator.pull.PullPlanner} decides, purely; {@link
 * freshet.replicator.pull.PullExecutor} does.
 *
 * <p>May import: {@code remote}, {@code repository}, {@code snapshot}, {@code files}, {@code
 * runtime}. Invariant: a file under its final name was verified against the digest that its
 * manifest gives, and LATEST is written last, so that the store shows the old snapshot whole or the
 * new one whole, wherever a pull ends.
 */
@NullMarked
package freshet.replicator.pull;

import org.jspecify.annotations.NullMarked;
