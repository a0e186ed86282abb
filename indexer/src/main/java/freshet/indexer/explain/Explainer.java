package freshet.indexer.explain;

import freshet.indexer.explain.DocumentFacts.Row;
import freshet.indexer.explain.DocumentFacts.SlaveAt;
import freshet.indexer.explain.Explanation.State;
import freshet.replicator.explain.DocumentCopy;
import freshet.replicator.runtime.ShellWord;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Generation;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Follows a document's way from its row to the slaves, and says where it ends. Pure. */
public final class Explainer {
  private static final String STATUS = "bin/indexer status";
  private static final String RESUME = "bin/indexer resume";
  private static final String REPAIR = "bin/indexer diff --repair";

  private final DocumentFacts facts;

  private Explainer(DocumentFacts facts) {
    this.facts = facts;
  }

  /** What follows from what was observed. */
  public static Explanation explain(DocumentFacts facts) {
    return new Explainer(facts).explain();
  }

  private Explanation explain() {
    return switch (facts.row()) {
      case Row.Unknown(String why) ->
          is(
              State.TABLE_UNKNOWN,
              "the table can't be asked: %s; %s".formatted(why, published()),
              "bin/indexer doctor");
      case Row.Missing missing ->
          gone("no row has this key", missing.isTombstoneUnread(), deleted(missing.deletedAt()));
      case Row.NotSearchable none ->
          gone("its row is not to be searched (table.searchable_if, or no version)", false, "");
      case Row.WithoutCity none ->
          is(
              State.NOT_INDEXED,
              "the city of its row is NULL, or no name for a city; %s%s"
                  .formatted(
                      published(),
                      facts.setAside() == null
                          ? ""
                          : "; once its city is corrected, it is read with its new version, or by "
                              + retry()),
              "bin/indexer quarantine list");
      case Row.Searchable row -> searchable(row);
    };
  }

  /** A document that should be nowhere. */
  private Explanation gone(String why, boolean isTombstoneUnread, String since) {
    if (facts.copies().isEmpty()) {
      return is(State.ABSENT, why + ", and nothing that is published holds it" + since, null);
    }
    City city = facts.copies().getFirst().city();
    Explanation paused = paused(city, why);
    if (paused != null) {
      return paused;
    }
    if (isTombstoneUnread) {
      return is(
          State.WAITS_FOR_POLL,
          "%s, and its tombstone waits for the next poll; %s%s".formatted(why, published(), since),
          STATUS);
    }
    Explanation stays = stays(city, why);
    return stays != null
        ? stays
        : is(
            State.OVERLOOKED,
            "%s, and no tombstone of it is left to be read; %s%s"
                .formatted(why, published(), since),
            REPAIR);
  }

  private static String deleted(@Nullable Instant at) {
    return at == null ? "" : "; it was deleted at %s, by its tombstone".formatted(at);
  }

  private String retry() {
    return "bin/indexer quarantine retry " + ShellWord.of(facts.id());
  }

  private Explanation searchable(Row.Searchable row) {
    String has = "its row has version %s in city %s".formatted(row.version(), row.city());
    if (facts.setAside() != null) {
      return is(
          State.SET_ASIDE,
          "%s, and can't become a document: %s; %s".formatted(has, facts.setAside(), published()),
          retry());
    }
    if (!row.isListed()) {
      return is(
          State.NOT_INDEXED,
          "%s, which listed_cities leaves out; %s".formatted(has, published()),
          "bin/indexer check-config");
    }
    DocumentCopy only = facts.copies().size() == 1 ? facts.copies().getFirst() : null;
    if (only != null && only.city().equals(row.city()) && only.version().equals(row.version())) {
      return served(has, only);
    }
    Explanation paused = paused(row.city(), has);
    if (paused != null) {
      return paused;
    }
    Explanation stays = stays(row.city(), has);
    if (stays != null) {
      return stays;
    }
    if (row.version().equals(row.working())) {
      return is(
          State.NOT_PUBLISHED,
          "%s, which is committed and not published yet; %s".formatted(has, published()),
          STATUS);
    }
    return row.isRead()
        ? is(
            State.OVERLOOKED,
            "%s, and polls have read past it: it was committed late or stamped again, and waits for the overlap or the sweep; %s"
                .formatted(has, published()),
            REPAIR)
        : is(
            State.WAITS_FOR_POLL,
            "%s, and waits for the next poll; %s".formatted(has, published()),
            STATUS);
  }

  private Explanation served(String has, DocumentCopy copy) {
    List<SlaveAt> all = facts.slaves();
    if (all == null) {
      return is(
          State.SERVED,
          "%s, and so it is published: %s; no daemon runs here that slaves report to"
              .formatted(has, copy.origin()),
          null);
    }
    List<SlaveAt> slaves =
        all.stream().filter(slave -> slave.subset().includes(copy.city())).toList();
    String late = names(slaves, copy.since(), false);
    String there = names(slaves, copy.since(), true);
    return is(
        late.isEmpty() ? State.SERVED : State.ON_ITS_WAY,
        "%s, and so it is published: %s; served by %s%s"
            .formatted(
                has,
                copy.origin(),
                there.isEmpty() ? "no slave that reports and takes its city" : there,
                late.isEmpty() ? "" : ", not yet by " + late),
        late.isEmpty() ? null : "bin/replicator status --fleet");
  }

  private static String names(List<SlaveAt> slaves, Generation since, boolean isThere) {
    return slaves.stream()
        .filter(
            slave -> {
              Generation at = slave.generation();
              return isThere == (at != null && !since.isAfter(at));
            })
        .map(slave -> isThere ? slave.name() : late(slave))
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static String late(SlaveAt slave) {
    return slave.paused() == null
        ? slave.name()
        : "%s (%s)".formatted(slave.name(), slave.paused());
  }

  /** A pause comes first: whatever else there is, nothing gets on before it ends. */
  private @Nullable Explanation paused(City city, String has) {
    String whole = facts.paused();
    if (whole != null) {
      return is(
          State.PAUSED, "%s; the master is %s; %s".formatted(has, whole, published()), RESUME);
    }
    // What it moved out of a paused city stays there, too.
    return Stream.concat(Stream.of(city), facts.copies().stream().map(DocumentCopy::city))
        .filter(one -> facts.pausedCities().containsKey(one))
        .findFirst()
        .map(
            waits ->
                is(
                    State.PAUSED,
                    "%s; city %s is %s; %s"
                        .formatted(has, waits, facts.pausedCities().get(waits), published()),
                    "%s --city %s".formatted(RESUME, ShellWord.of(waits.name()))))
        .orElse(null);
  }

  private @Nullable Explanation stays(City city, String has) {
    String held = facts.held().get(city);
    if (held != null) {
      return is(
          State.CITY_HELD,
          "%s; city %s is held, %s; %s".formatted(has, city, held, published()),
          "bin/replicator snapshots list");
    }
    String behind = facts.behind().get(city);
    return behind == null
        ? null
        : is(
            State.CITY_BEHIND,
            "%s; city %s is behind, %s; %s".formatted(has, city, behind, published()),
            STATUS);
  }

  private String published() {
    if (facts.newest() == null) {
      return "nothing is published yet";
    }
    return facts.copies().isEmpty()
        ? "generation %s does not hold it".formatted(facts.newest())
        : "generation %s holds it as %s"
            .formatted(
                facts.newest(),
                facts.copies().stream()
                    .map(copy -> "version %s in %s".formatted(copy.version(), copy.city()))
                    .collect(Collectors.joining(" and ")));
  }

  private Explanation is(State state, String what, @Nullable String next) {
    return new Explanation(facts.id(), state, what, next, facts.copies());
  }
}
