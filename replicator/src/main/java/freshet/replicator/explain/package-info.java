/**
 * Where one document is: in which cities of a repository or store, of which version, since when.
 *
 * <p>In: a repository's folder and a document's key. Out: {@link
 * freshet.replicator.explain.DocumentCopy}, by {@link freshet.replicator.explain.DocumentCopies},
 * the entry type.
 *
 * <p>May import: {@code repository}, {@code swap}, {@code schema}, {@code snapshot}. Invariant: it
 * reads files that never change, so that no lock is needed beside whoever writes there.
 */
@NullMarked
package freshet.replicator.explain;

import org.jspecify.annotations.NullMarked;
