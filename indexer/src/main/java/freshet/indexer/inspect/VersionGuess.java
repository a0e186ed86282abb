package freshet.indexer.inspect;

import freshet.indexer.table.VersionColumn;

/**
 * The column that grows whenever a row changes.
 *
 * @param column as it will be configured
 * @param isNew whether it has to be added to the table
 * @param why in words
 */
record VersionGuess(VersionColumn column, boolean isNew, String why) {}
