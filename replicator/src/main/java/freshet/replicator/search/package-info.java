/**
 * Search over the live snapshot: one city, several, or all of them.
 *
 * <p>In: {@link freshet.replicator.search.SearchRequest}, from a query string or from code. Out:
 * {@link freshet.replicator.search.SearchService} with its {@link
 * freshet.replicator.search.SearchResult}; {@link freshet.replicator.search.SearchRoutes}, the same
 * over HTTP.
 *
 * <p>May import: {@code swap}, {@code schema}, {@code snapshot}, {@code http}, {@code runtime}.
 * Invariant: fields and analyzers are those of the snapshot that is searched; a slave declares
 * none.
 */
@NullMarked
package freshet.replicator.search;

import org.jspecify.annotations.NullMarked;
