package freshet.indexer.session;

/**
 * A column of a query's result, as the server describes it.
 *
 * @param name in the result
 * @param type without digits, in lower case, such as {@code datetime}
 * @param database of the table that it is taken from; empty if it is computed
 * @param table that it is taken from as it is; empty if it is computed
 * @param column of that table; if it is computed, the name again
 */
public record ResultColumn(
    String name, String type, String database, String table, String column) {}
