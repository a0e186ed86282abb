/**
 * What people ask a master to do with its repository: to approve, reject, roll back or resume.
 *
 * <p>In: an {@link freshet.replicator.order.Order} from any process. Out: a file that the master
 * takes up before its next cycle, its answer, and a line in the audit log. What needs no master is
 * obeyed by whoever asks, where none runs. Entry: {@link freshet.replicator.order.OrderFolder}.
 *
 * <p>May import: {@code gate}, {@code repository}, {@code snapshot}, {@code files}, {@code
 * runtime}. Invariant: an order is on disk when asking returns, and stays there until its answer
 * is.
 */
@NullMarked
package freshet.replicator.order;

import org.jspecify.annotations.NullMarked;
