/**
 * The demo's data: listings, the database that holds them, and the changes made to it.
 *
 * <p>In: a data file or a seed. Out: {@link freshet.indexer.demo.data.DemoDatabase}, a source and a
 * replica with the listings in them; {@link freshet.indexer.demo.data.Workload}, which keeps
 * changing them and says what it has done.
 *
 * <p>May import: {@code embedded}, {@code runtime}. Invariant: no row is changed by two threads at
 * a time, so that the order of its versions is the order of its commits.
 */
@NullMarked
package freshet.indexer.demo.data;

import org.jspecify.annotations.NullMarked;
