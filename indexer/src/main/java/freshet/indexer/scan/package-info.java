/**
 * Reads the whole table in the order of its keys: split into ranges that are read in parallel, each
 * page resumed at the last key after a failure, and slowed down for the sake of whoever else needs
 * the server.
 */
@NullMarked
package freshet.indexer.scan;

import org.jspecify.annotations.NullMarked;
