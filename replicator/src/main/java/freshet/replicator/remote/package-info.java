/**
 * Where snapshots come from: a repository behind HTTP, or in a folder.
 *
 * <p>In: the address of a repository. Out: {@link freshet.replicator.remote.RemoteRepository},
 * which gives the pointer (at once, or when it changes), small files whole and large ones from an
 * offset; {@link freshet.replicator.remote.ClockEstimate}, how far the other side's clock is from
 * ours; {@link freshet.replicator.remote.RemoteException}, why not.
 *
 * <p>May import: {@code lease}, {@code snapshot}, {@code files}, {@code runtime}. Invariant:
 * nothing here is believed, bytes are handed on as they came; and nothing here waits for ever,
 * whatever the other side does.
 */
@NullMarked
package freshet.replicator.remote;

import org.jspecify.annotations.NullMarked;
