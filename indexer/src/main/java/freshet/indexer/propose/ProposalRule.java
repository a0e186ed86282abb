package freshet.indexer.propose;

import freshet.indexer.check.Account;
import freshet.indexer.check.LiveTable;
import freshet.indexer.check.Preparation;
import freshet.indexer.inspect.CitySizes;
import freshet.indexer.inspect.ColumnSample;
import freshet.indexer.inspect.InspectException;
import freshet.indexer.inspect.TableFacts;
import freshet.indexer.inspect.Wishes;
import freshet.indexer.propose.DeletionRule.Condition;
import freshet.indexer.propose.FieldGuess.Field;
import freshet.indexer.session.LagSource;
import freshet.indexer.source.Finding;
import freshet.indexer.table.KeyColumn;
import freshet.indexer.table.TableSpec;
import freshet.indexer.table.Tombstones;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts the guesses together. Pure. */
final class ProposalRule {
  private ProposalRule() {}

  /**
   * Proposes how to index a table, before its cities were counted.
   *
   * @param account that will poll
   */
  static Proposal propose(TableFacts facts, Wishes wishes, Account account)
      throws InspectException {
    LiveTable live = facts.live();
    List<KeyColumn> key = KeyRule.key(live, wishes.key());
    VersionRule.Guess version =
        new VersionRule(facts.samples(), facts.server().zone()).guess(live, wishes.version());
    String city = CityRule.column(live, facts.samples(), wishes.city());
    Optional<Condition> searchable = DeletionRule.searchableIf(live);
    Set<String> taken = new HashSet<>();
    key.forEach(column -> taken.add(lower(column.name())));
    taken.add(lower(version.column().name()));
    taken.add(lower(city));
    searchable.ifPresent(condition -> taken.add(condition.column()));
    List<FieldGuess> guesses = FieldGuesses.of(live, facts.samples(), taken, facts.server().zone());
    List<Field> fields =
        guesses.stream().filter(Field.class::isInstance).map(Field.class::cast).toList();
    if (fields.isEmpty()) {
      throw new InspectException(
          "table %s has no column that an index could hold beside key, version and city: it has %s; what other tables have comes in by table.query (docs/configuration.md)"
              .formatted(live.name(), String.join(", ", live.columns().keySet())));
    }
    TableSpec table =
        new TableSpec(
            live.name(),
            key,
            version.column(),
            city,
            fields.stream().map(Field::columns).toList(),
            searchable.map(Condition::expression).orElse(null));
    Tombstones tombstones =
        searchable.isPresent()
            ? null
            : TombstoneRule.tombstones(live.name(), key, facts.deletions());
    boolean isReplica = facts.server().isReplica().orElse(true);
    List<Join> joins = JoinRule.joins(facts, wishes.joins());
    boolean isJoined = !wishes.joins().isEmpty();
    return new Proposal(
        live,
        facts.server().version(),
        table,
        version.why(),
        searchable.isPresent() ? null : DeletionRule.perhaps(live, facts.samples()).orElse(null),
        tombstones,
        guesses,
        joins,
        isJoined,
        isReplica ? new LagSource.ReplicaStatus() : new LagSource.NotReplicated(),
        lagWhy(facts.server().isReplica()),
        lacking(facts, table, tombstones, account, isJoined ? joins : List.of()),
        facts.rows(),
        bytesOfRow(facts, fields),
        CitySizes.UNKNOWN);
  }

  private static String lagWhy(Optional<Boolean> isReplica) {
    return isReplica
        .map(is -> is ? "this server is a replica" : "this server is no replica")
        .orElse(
            "the account may not ask whether this server is a replica; if it is not, write"
                + " not_replicated");
  }

  private static List<Finding> lacking(
      TableFacts facts,
      TableSpec table,
      @Nullable Tombstones tombstones,
      Account account,
      List<Join> joins) {
    Preparation preparation = new Preparation(facts.server().isMariaDb());
    List<Finding> lacking =
        new ArrayList<>(preparation.ofTable(facts.live(), table.version(), table.key()));
    if (tombstones != null) {
      LiveTable existing =
          facts.deletions().stream()
              .filter(live -> live.name().equals(tombstones.table()))
              .findFirst()
              .orElse(null);
      lacking.addAll(
          preparation.ofTombstones(
              table,
              facts.live(),
              tombstones,
              existing,
              existing != null && facts.hasDeleteTrigger(),
              existing != null || facts.readsWholeDatabase() ? null : account));
    }
    joins.forEach(join -> lacking.addAll(join.lacking()));
    return lacking;
  }

  private static double bytesOfRow(TableFacts facts, List<Field> fields) {
    return fields.stream()
        .flatMap(field -> field.columns().columns().stream())
        .mapToDouble(
            column -> facts.samples().getOrDefault(lower(column), ColumnSample.NONE).averageBytes())
        .sum();
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
