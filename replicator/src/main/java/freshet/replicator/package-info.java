/**
 * The snapshot format and what slaves do with it: publish, serve, pull, switch, search, and how
 * fresh that leaves each city. Knows no MySQL and nothing of the indexer.
 */
@NullMarked
package freshet.replicator;

import org.jspecify.annotations.NullMarked;
