package freshet.indexer.table;

import freshet.indexer.session.Query;

/**
 * A statement that a poll runs, with parameters as a poll gives it.
 *
 * @param name what it is for
 * @param table which it reads, or whose rows it looks up by SQL of the user's
 * @param isOfUser whether it holds SQL of the user's, which may read any tables
 * @param query the statement
 */
public record NamedQuery(String name, String table, boolean isOfUser, Query query) {

  /** A statement of our own. */
  NamedQuery(String name, String table, Query query) {
    this(name, table, false, query);
  }
}
