package freshet.indexer.propose;

import freshet.indexer.table.FieldColumns;
import freshet.replicator.snapshot.FieldSpec;

/** What becomes of a column. */
public sealed interface FieldGuess {

  /**
   * A field of the index.
   *
   * @param spec the field
   * @param columns where it comes from
   * @param why it is so, in words; empty where that is plain
   */
  record Field(FieldSpec spec, FieldColumns columns, String why) implements FieldGuess {}

  /**
   * Nothing.
   *
   * @param column its name
   * @param type its type
   * @param why nothing, and what would help
   */
  record LeftOut(String column, String type, String why) implements FieldGuess {}
}
