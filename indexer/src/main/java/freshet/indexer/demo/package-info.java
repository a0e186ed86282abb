/**
 * {@code bin/demo}: both roles at work on a database that keeps changing, and the proof that every
 * slave ends equal to it.
 *
 * <p>In: a command line. Out: a live view, a summary, an exit code. Entry: {@link
 * freshet.indexer.demo.DemoMain}. Below it: {@code data} (listings, database, workload), {@code
 * fleet} (the processes), {@code compare} (the proof), {@code client} (HTTP).
 *
 * <p>May import: everything, since it plays the operator. Invariant: however it ends, it leaves no
 * process behind.
 */
@NullMarked
package freshet.indexer.demo;

import org.jspecify.annotations.NullMarked;
