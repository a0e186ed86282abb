/**
 * Which city's index each change concerns: the city that a document is in now, and the one that it
 * was in before.
 *
 * <p>In: a poll's changes, the cities that are behind. Out: {@link
 * freshet.indexer.route.RoutedBatch}, by {@link freshet.indexer.route.Router}, which is pure;
 * {@link freshet.indexer.route.RoutingTable}, where every document is, durably.
 *
 * <p>May import: {@code source}, {@code merge}; {@code snapshot}, {@code schema}, {@code files} of
 * the replicator. Invariant: a document is added to a city before it is removed from another, and
 * not removed if adding failed.
 */
@NullMarked
package freshet.indexer.route;

import org.jspecify.annotations.NullMarked;
