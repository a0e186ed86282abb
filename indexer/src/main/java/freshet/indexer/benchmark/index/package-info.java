/**
 * Measures indexing alone: documents from memory into the indexes of many cities.
 *
 * <p>In: arguments of {@code bin/benchmark index}. Out: figures, by {@link
 * freshet.indexer.benchmark.index.IndexCommand}, the entry type. Invariant: what is compared was
 * measured in the same run, in turns, and after each run the indexes hold every document.
 */
@NullMarked
package freshet.indexer.benchmark.index;

import org.jspecify.annotations.NullMarked;
