package freshet.indexer.schedule;

import freshet.indexer.build.CityIndexes;
import freshet.indexer.build.CityOutcome;
import freshet.indexer.build.PublishedCommit;
import freshet.indexer.route.RoutingTable;
import freshet.replicator.gate.HeldCity;
import freshet.replicator.gate.Hold;
import freshet.replicator.order.Answer;
import freshet.replicator.order.Asked;
import freshet.replicator.order.Order;
import freshet.replicator.order.OrderFolder;
import freshet.replicator.order.Orders;
import freshet.replicator.publish.PublishException;
import freshet.replicator.publish.SnapshotPublisher;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Count;
import freshet.replicator.runtime.IoReason;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Obeys what people ask of the repository's master, between two cycles. An order that was obeyed
 * and not yet answered when the process ended is obeyed again: that changes nothing more, but it
 * may be refused then, since there is nothing left to do. What can't be read for an order is a
 * reason to refuse it: it would fail this cycle, and each one after it, for as long as it lies
 * there.
 */
final class OrderDesk {
  private static final Logger LOG = LoggerFactory.getLogger(OrderDesk.class);

  private static final String HEAL = "heal it with bin/replicator snapshots verify --heal-from URL";

  private final CityIndexes cities;
  private final SnapshotPublisher publisher;
  private final LocalRepository repository;
  private final RoutingTable routes;
  private final Publication publication;
  private final OrderFolder orders;
  private final Time time;

  /** Cities whose working index was replaced by what is published. */
  private final SortedSet<City> replayed = new TreeSet<>();

  OrderDesk(
      CityIndexes cities,
      SnapshotPublisher publisher,
      LocalRepository repository,
      RoutingTable routes,
      Publication publication,
      Time time) {
    this.cities = cities;
    this.publisher = publisher;
    this.repository = repository;
    this.routes = routes;
    this.publication = publication;
    this.orders = new OrderFolder(repository);
    this.time = time;
  }

  /**
   * Obeys what is open.
   *
   * @return cities that now stand where they are published, and are to be read again from there
   */
  SortedSet<City> obey() throws IOException, PublishException {
    for (Asked asked : orders.open()) {
      Answer answer = obey(asked);
      LOG.info("{} asked for {}: {}", asked.by(), asked.order(), answer.text());
      orders.answer(asked, answer, time.now());
    }
    return replayed;
  }

  private Answer obey(Asked asked) throws IOException, PublishException {
    return switch (asked.order()) {
      case Order.Approve order -> Orders.approve(repository, asked, order);
      case Order.Reject order -> Orders.reject(repository, asked, order);
      case Order.Collect order -> collect();
      case Order.RollBack(Generation to, List<City> which) -> rollBack(asked, to, which);
      case Order.Keep(List<City> which) -> resume(asked, which, false);
      case Order.Replay(List<City> which) -> resume(asked, which, true);
    };
  }

  private Answer collect() throws PublishException {
    try {
      return Orders.collected(publisher.collectAll());
    } catch (PublishException.DiskFailed e) {
      return Answer.refused(e.getMessage() + "; put that right, then: bin/replicator snapshots gc");
    }
  }

  private Answer rollBack(Asked asked, Generation to, List<City> named)
      throws IOException, PublishException {
    Snapshot current = publisher.current().orElse(null);
    Optional<Snapshot> old;
    SortedSet<City> which = new TreeSet<>(named);
    try {
      old = repository.snapshot(to);
      if (current == null || old.isEmpty()) {
        return Answer.refused("there is no snapshot " + to);
      }
      if (named.isEmpty()) {
        which.addAll(current.cities().keySet());
        which.addAll(old.get().cities().keySet());
      }
      Optional<String> refusal = refusal(current, old.get(), which, !named.isEmpty());
      if (refusal.isPresent()) {
        return Answer.refused(refusal.get());
      }
    } catch (IOException e) {
      return Answer.refused(
          "%s can't be read: %s; %s, or go back to another one"
              .formatted(to, IoReason.of(e), HEAL));
    }
    // Before it is published: whatever ends this process, the next cycle does not undo it.
    publisher.gate().hold(which, new Hold.RolledBack(to, asked.by(), asked.reason()));
    Generation generation = publisher.rollBack(old.get(), which);
    publication.rolledBack(which);
    return new Answer(
        true,
        "generation %s has %s as in %s; %s"
            .formatted(
                generation,
                Count.of(which.size(), "city", "cities"),
                to,
                which.size() == 1
                    ? "it is held until it is resumed"
                    : "they are held until they are resumed"),
        List.copyOf(which),
        generation);
  }

  private Optional<String> refusal(Snapshot current, Snapshot old, Set<City> which, boolean isPart)
      throws IOException {
    Optional<String> refusal = new RollbackRule(current, old).refusal(which);
    if (refusal.isEmpty()) {
      refusal = missing(old, which);
    }
    return refusal.isEmpty() && isPart ? moved(old, which) : refusal;
  }

  /** Whether files of the older snapshot are gone or cut. */
  private Optional<String> missing(Snapshot old, Set<City> which) throws IOException {
    for (City city : which) {
      CityEntry entry = old.cities().get(city);
      if (entry == null) {
        continue;
      }
      try {
        Optional<String> problem = repository.problemWith(entry);
        if (problem.isPresent()) {
          return problem;
        }
      } catch (FormatException | NoSuchFileException e) {
        return Optional.of("city %s of %s: %s".formatted(city, old.generation(), e));
      }
    }
    return Optional.empty();
  }

  /** Whether a search over all cities would find documents twice. */
  private Optional<String> moved(Snapshot old, Set<City> which) throws IOException {
    SortedSet<City> others = new MovedSince(repository, routes).cities(old, which);
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "documents of %s have moved to %s since %s and would be found twice: roll those back too, or all"
                .formatted(which, others, old.generation()));
  }

  private Answer resume(Asked asked, List<City> named, boolean isReplay) throws IOException {
    SortedMap<City, HeldCity> held = publisher.gate().held();
    SortedSet<City> decided =
        held.values().stream()
            .filter(one -> one.hold().isDecided())
            .map(HeldCity::city)
            .collect(Collectors.toCollection(TreeSet::new));
    SortedSet<City> which = new TreeSet<>(named.isEmpty() ? decided : named);
    if (which.isEmpty()) {
      return Answer.refused("no city was rejected or rolled back");
    }
    SortedSet<City> others = new TreeSet<>(which);
    others.removeAll(decided);
    if (!others.isEmpty()) {
      return Answer.refused(others + " were neither rejected nor rolled back: nothing to resume");
    }
    decided.removeAll(which);
    Optional<String> refusal = parted(which, decided);
    if (refusal.isPresent()) {
      return Answer.refused(refusal.get());
    }
    String done =
        isReplay
            ? replay(asked, which)
            : Count.of(
                    keep(which), "city is published as it is", "cities are published as they are")
                + " by now";
    return new Answer(true, done, List.copyOf(which), null);
  }

  /**
   * Whether a search over all cities would find documents twice, or not at all, which have moved
   * between those that are resumed and those that stay since what is published of them.
   */
  private Optional<String> parted(SortedSet<City> which, SortedSet<City> staying) {
    Snapshot current = publisher.current().orElse(null);
    if (current == null || staying.isEmpty()) {
      return Optional.empty();
    }
    MovedSince moved = new MovedSince(repository, routes);
    SortedSet<City> others = new TreeSet<>();
    try {
      others.addAll(moved.cities(current, which));
      others.retainAll(staying);
      for (City city : staying) {
        if (!Collections.disjoint(moved.cities(current, Set.of(city)), which)) {
          others.add(city);
        }
      }
    } catch (IOException e) {
      return Optional.of(
          "whether documents have moved between %s and %s, which stay, can't be read: %s; %s, or resume all"
              .formatted(which, staying, IoReason.of(e), HEAL));
    }
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "documents have moved between %s and %s, which stay, and would be found twice or not at all: resume those too, or all"
                .formatted(which, others));
  }

  private int keep(SortedSet<City> which) throws IOException {
    publisher.gate().release(which, true);
    SortedSet<City> gone = new TreeSet<>(which);
    gone.removeAll(cities.working().keySet());
    gone.forEach(publication::retire);
    return which.size();
  }

  /**
   * Begins a replay. A city whose published files are no good has no index then, which {@link
   * CityIndexes#damaged} tells: whoever recovers it reads the table.
   */
  private String replay(Asked asked, SortedSet<City> which) throws IOException {
    SortedMap<City, PublishedCommit> commits = new TreeMap<>();
    for (City city : which) {
      CityEntry entry = publisher.current().flatMap(latest -> latest.city(city)).orElse(null);
      if (entry != null) {
        commits.put(
            city,
            new PublishedCommit(
                () -> repository.cityManifest(entry),
                repository.layout().incarnation(city, entry.incarnation())));
      }
    }
    SortedMap<City, CityOutcome> outcomes = cities.hydrate(commits);
    SortedSet<City> failed = new TreeSet<>();
    for (Map.Entry<City, CityOutcome> one : outcomes.entrySet()) {
      City city = one.getKey();
      if (one.getValue() instanceof CityOutcome.Failed failure && cities.damaged().contains(city)) {
        failed.add(city);
        LOG.warn("city {}: it can't be taken from there: {}", city, failure.cause().toString());
      }
    }
    replayed.addAll(commits.keySet());
    // All of them are published together, once all have caught up.
    publisher.gate().hold(which, new Hold.Replaying(asked.by()));
    return "%s read again from where it was published last%s"
        .formatted(
            Count.of(which.size(), "city is", "cities are"),
            failed.isEmpty()
                ? ""
                : "; %s can't be taken from there, and are made anew".formatted(failed));
  }
}
