/**
 * Serves a repository over HTTP: a master's own, one that another process writes, or a slave's
 * store.
 *
 * <p>In: a repository's folder, notice that LATEST changed. Out: {@link
 * freshet.replicator.serve.SnapshotServer}, whose routes answer LATEST (with long poll) and the
 * files that retained manifests name; {@link freshet.replicator.serve.FleetView}, what slaves
 * reported of themselves.
 *
 * <p>May import: {@code lease}, {@code repository}, {@code snapshot}, {@code http}, {@code files},
 * {@code runtime}. Invariant: no path of a request reaches the file system; a file is served
 * because a manifest names it.
 */
@NullMarked
package freshet.replicator.serve;

import org.jspecify.annotations.NullMarked;
