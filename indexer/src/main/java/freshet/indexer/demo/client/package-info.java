/**
 * How the demo talks to the daemons: as any client does, over HTTP.
 *
 * <p>In: the URL of a daemon. Out: {@link freshet.indexer.demo.client.JsonClient}, JSON.
 *
 * <p>May import: nothing of Freshet. Invariant: every answer has a deadline, its body included.
 */
@NullMarked
package freshet.indexer.demo.client;

import org.jspecify.annotations.NullMarked;
