/**
 * Why a document is, or is not, where it should be. Pure: what was observed goes in, one sentence
 * comes out.
 *
 * <p>In: {@link freshet.indexer.explain.DocumentFacts}, which {@code app} gathers from the table,
 * the quarantine, the repository, the working index and what slaves report. Out: {@link
 * freshet.indexer.explain.Explanation}, by {@link freshet.indexer.explain.Explainer}, the entry
 * type.
 *
 * <p>May import: {@code explain}, {@code snapshot}, {@code runtime} of the replicator. Invariant:
 * whatever was observed, the first step on the document's way that it did not take is what is
 * named.
 */
@NullMarked
package freshet.indexer.explain;

import org.jspecify.annotations.NullMarked;
