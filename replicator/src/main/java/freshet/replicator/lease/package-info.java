/**
 * Leases: who is fetching which snapshot, so that it is not collected meanwhile.
 *
 * <p>In: a holder's name and a generation, again and again as the holder gets on. Out: a file for
 * each holder, which the collector looks at. Entry: {@link freshet.replicator.lease.LeaseKeeper}
 * for those who hold, {@link freshet.replicator.lease.LeaseFolder} for those who look.
 *
 * <p>May import: {@code snapshot}, {@code files}, {@code runtime}. Invariant: a lease ends by
 * itself, one lease time after its holder got on for the last time.
 */
@NullMarked
package freshet.replicator.lease;

import org.jspecify.annotations.NullMarked;
