/**
 * The master's command line, and how its parts are put together.
 *
 * <p>In: arguments and conf/indexer.yaml. Out: {@link freshet.indexer.app.IndexerMain}, one class
 * for each verb, {@link freshet.indexer.app.Master}, the parts of a cycle opened together.
 *
 * <p>May import: everything of both modules; imported by nothing. Invariant: nothing is decided
 * here that a stage could decide.
 */
@NullMarked
package freshet.indexer.app;

import org.jspecify.annotations.NullMarked;
