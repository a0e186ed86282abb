package freshet.indexer.propose;

import freshet.indexer.check.Preparation;
import freshet.indexer.inspect.InspectException;
import freshet.indexer.inspect.TableFacts;
import freshet.replicator.config.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which side tables are joined, or could be. Pure. */
final class JoinRule {
  private JoinRule() {}

  /**
   * Those that are wished for, else all.
   *
   * @throws InspectException if one that is wished for can't be joined
   */
  static List<Join> joins(TableFacts facts, List<String> wished) throws InspectException {
    Preparation preparation = new Preparation(facts.server().isMariaDb());
    Map<String, Join> possible = new LinkedHashMap<>();
    facts
        .references()
        .forEach(
            reference ->
                Join.of(reference, preparation, facts.server().zone())
                    .ifPresent(join -> possible.putIfAbsent(reference.table().name(), join)));
    if (wished.isEmpty()) {
      return List.copyOf(possible.values());
    }
    List<Join> joins = new ArrayList<>();
    for (String table : wished) {
      Join join = possible.get(table);
      if (join == null) {
        throw new InspectException(
            "--join %s: no column of %s refers to a row of such a table with a text%s; tables that can be joined: %s. Any other join is written by hand into table.query (docs/configuration.md, Documents that are joins)"
                .formatted(
                    table,
                    facts.live().name(),
                    Nearest.to(table, possible.keySet())
                        .map(near -> ", did you mean " + near + "?")
                        .orElse(""),
                    possible.isEmpty() ? "none" : String.join(", ", possible.keySet())));
      }
      joins.add(join);
    }
    return joins;
  }
}
