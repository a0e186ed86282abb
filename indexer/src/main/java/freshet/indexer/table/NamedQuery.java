package freshet.indexer.table;

import freshet.indexer.session.Query;

/**
 * A statement that a poll runs, with parameters as a poll gives it.
 *
 * @param name what it is for
 * @param table which it reads
 * @param query the statement
 */
public record NamedQuery(String name, String table, Query query) {}
