package freshet.indexer.inspect;

import freshet.indexer.check.LiveTable;

/**
 * A column of the documents that names a row of another table.
 *
 * @param column of the documents
 * @param table that it refers to
 * @param target the column there
 * @param isDeclared whether a foreign key says so; else only the names do
 */
public record Reference(String column, LiveTable table, String target, boolean isDeclared) {}
