package freshet.indexer.schedule;

import freshet.indexer.build.BatchCounts;
import freshet.indexer.build.BuildException;
import freshet.indexer.build.CityIndexes;
import freshet.indexer.build.IndexedDocuments;
import freshet.indexer.rebuild.RebuildState;
import freshet.indexer.route.RoutedBatch;
import freshet.indexer.route.Router;
import freshet.indexer.route.RoutingTable;
import freshet.indexer.schedule.CycleOutcome.Stage;
import freshet.indexer.session.SourceException;
import freshet.indexer.source.ChangeBatch;
import freshet.replicator.files.Digest;
import freshet.replicator.publish.CityCommit;
import freshet.replicator.publish.PublishException;
import freshet.replicator.publish.SnapshotPublisher;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CycleTimes;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One cycle after the other: poll, route, build, publish; merges then run in the background, and
 * what they made is published by a later cycle.
 *
 * <p>Promise: whatever fails, and wherever the process ends, a later cycle polls from where LATEST
 * stands, so that every city ends equal to the table. A city that fails keeps what it has, is
 * listed as behind, and delays no other. {@link #run()} throws nothing but what is a defect: a
 * failure is an outcome of its report. Thread-safe; one call at a time.
 */
public final class Cycle implements AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final WorkingStages working;
  private final Adoption adoption;
  private final FirstLoad firstLoad;
  private final SnapshotPublisher publisher;
  private final Time time;
  private final Transitions transitions = new Transitions();
  private final Stragglers stragglers;

  private CityIndexes cities;
  private RoutingTable routes;
  private Publication publication;
  private boolean isRecovered;
  private @Nullable RebuildState adopted;
  private volatile Progress progress = Progress.NONE;

  /** Cities whose working index goes on while they stay as they are published. */
  private volatile Set<City> held = Set.of();

  /** Cities that apply nothing since a person wants that, and why. */
  private SortedMap<City, String> paused = Collections.emptySortedMap();

  /**
   * A cycle over these stages, which nothing else uses meanwhile.
   *
   * @param opening opens source, cities and routes anew once a rebuild was adopted
   * @param adoption of rebuilds
   * @param firstLoad reads the table where nothing is published
   * @param backoff of cities that are far behind and keep failing
   */
  public Cycle(
      Stages stages,
      Stages.Opening opening,
      Adoption adoption,
      FirstLoad firstLoad,
      CityBackoff backoff,
      Time time) {
    this.working = new WorkingStages(stages, opening, adoption);
    this.adoption = adoption;
    this.firstLoad = firstLoad;
    this.stragglers = new Stragglers(backoff);
    this.publisher = stages.publisher();
    this.routes = stages.routes();
    this.time = time;
    this.cities = stages.cities();
    this.publication = new Publication(cities, publisher);
  }

  /** Runs one cycle. */
  public CycleReport run() {
    lock.lock();
    try {
      Draft draft = new Draft(time);
      CycleReport report;
      try {
        load();
        adopt(draft);
        cities.takeUpOverdue();
        recover(draft);
        bringRoutesUpToDate();
        if (obey()) {
          // What is published of a city may have turned out to be damaged.
          recover(draft);
          bringRoutesUpToDate();
        }
        Set<City> leftOut = leftOut(draft);
        ChangeBatch batch = poll(leftOut, draft);
        RoutedBatch routed = route(batch, draft);
        Progress next = build(batch, routed, leftOut, draft);
        draft.merged = commitMerges();
        publisher.announce(cities.finishedMerges(), adoption.ahead().indexes());
        report = draft.report(publish(batch, next, draft), behind(), nextTries());
        // What a paused city has not applied is none that could be forgotten.
        if (paused.isEmpty()
            && report.isClean()
            && !(report.outcome() instanceof CycleOutcome.Held)) {
          working.stages().source().published(batch);
        }
        cities.advertised(publisher.announced());
        publisher
            .advertisement()
            .ifPresent(latest -> adoption.ahead().advertised(latest.rebuilt()));
        cities.startMerges();
      } catch (CycleFailure e) {
        resumeFromLatest();
        report = draft.report(e.outcome(), behind(), nextTries());
      }
      transitions.log(report);
      return report;
    } finally {
      lock.unlock();
    }
  }

  /** Polls and routes, and says what a cycle would do. Nothing is published and no city changed. */
  public CyclePlan plan() throws SourceException, BuildException, IOException {
    lock.lock();
    try {
      Draft draft = new Draft(time);
      recover(draft);
      bringRoutesUpToDate();
      SourcePosition from = progress.resumeFrom();
      ChangeBatch batch = poll(Set.of(), draft);
      RoutedBatch routed = route(batch, draft);
      SortedMap<City, BatchCounts> counts = new TreeMap<>(cities.compare(routed.first()));
      cities
          .compare(routed.second(Set.of()))
          .forEach((city, second) -> counts.merge(city, second, BatchCounts::plus));
      return new CyclePlan(
          from,
          batch.to(),
          batch.reachedEnd(),
          batch.report(),
          counts,
          routed.moved(),
          publication.unpublished());
    } catch (CycleFailure e) {
      switch (e.outcome().cause()) {
        case SourceException cause -> throw cause;
        case BuildException cause -> throw cause;
        case IOException cause -> throw cause;
        case Exception cause -> throw new IllegalStateException(cause);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for merges in the background and publishes what they made: for a process that ends after
   * its cycle. What is not merged in time is merged after a later cycle.
   *
   * @param atMost how long to wait
   */
  public CycleOutcome finishMerges(Duration atMost) throws InterruptedException {
    lock.lock();
    try {
      cities.endAdvertising();
      cities.awaitMerges(Deadline.after(time, atMost));
      if (!isRecovered || adopted != null || rule().isFirst()) {
        return new CycleOutcome.Held("there is nothing published yet that merges could go into");
      }
      commitMerges();
      return publishNow(progress, Publication.Claim.NONE).outcome();
    } catch (CycleFailure e) {
      resumeFromLatest();
      return e.outcome();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes a city out: removes its working index, and publishes a generation that does not name it.
   * A row that names it later makes it again.
   *
   * @param isForced whether documents that it has go too: for a city whose rows are not indexed
   */
  public Retirement retire(City city, boolean isForced) {
    lock.lock();
    try {
      recover(new Draft(time));
      if (adopted != null || rule().isFirst()) {
        return new Retirement.Later("cities that were built anew are not published yet");
      }
      if (cities.overdue().containsKey(city)) {
        return new Retirement.Later("it is still at work on a batch that took too long");
      }
      bringRoutesUpToDate();
      long documents = cities.documents(city);
      if (documents > 0 && !isForced) {
        return new Retirement.HasDocuments(documents);
      }
      cities.drop(city);
      if (documents == 0) {
        // It leads to no document there, so that it need not be rebuilt.
        routes.update(Map.of(), progress.resumeFrom(), cities.contents());
      }
      progress = progress.without(city);
      publisher.gate().release(city, false);
      publication.retire(city);
      Publication.Result unused = publishNow(progress, Publication.Claim.NONE);
      return new Retirement.Done();
    } catch (CycleFailure e) {
      resumeFromLatest();
      return new Retirement.Later(e.outcome().message());
    } catch (BuildException | IOException e) {
      return new Retirement.Later(e.toString());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Has these cities wait from the next cycle on, and no others: they stay where they are, as
   * cities do that fail, and lose nothing. Rebuilt cities that are not published yet wait for
   * nobody.
   *
   * @param why each of them waits, in words
   */
  public void pause(SortedMap<City, String> why) {
    lock.lock();
    try {
      paused = why;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Notes which of the slaves have what LATEST announces: what enough of them have is published.
   *
   * @param slaves how many say what they have
   * @param having how many of them have a merge, or rebuilt cities, by its id
   */
  public void prepared(int slaves, Map<String, Integer> having) {
    lock.lock();
    try {
      cities.prepared(slaves, having);
      adoption.ahead().prepared(slaves, having);
    } finally {
      lock.unlock();
    }
  }

  /** Cities that are behind or held, with the position that each was left at. */
  public SortedMap<City, SourcePosition> behind() {
    return progress.with(held, publisher.current().orElse(null)).behind();
  }

  /** The stages that are open now; others take their place when a rebuild is adopted. */
  public Stages stages() {
    return working.stages();
  }

  /** Closes source, cities and routes. */
  @Override
  public void close() throws IOException {
    working.close();
  }

  private void load() throws CycleFailure {
    try {
      if (publisher.current().isEmpty() && adopted == null && adoption.isUnready()) {
        firstLoad.run();
      }
    } catch (SourceException e) {
      throw new CycleFailure(Stage.POLL, e);
    } catch (BuildException | IOException e) {
      throw new CycleFailure(Stage.BUILD, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CycleFailure(Stage.BUILD, e);
    }
  }

  private void adopt(Draft draft) throws CycleFailure {
    try {
      if (working.follow()) {
        cities = working.stages().cities();
        routes = working.stages().routes();
        isRecovered = false;
      }
    } catch (IOException | BuildException e) {
      isRecovered = false;
      throw new CycleFailure(Stage.RECOVER, e);
    } finally {
      draft.found(working.findings());
    }
  }

  private void recover(Draft draft) throws CycleFailure {
    if (isRecovered && cities.damaged().isEmpty()) {
      return;
    }
    try {
      isRecovered = false;
      Optional<RebuildState> pending = adoption.pending();
      Recovery.Start start =
          new Recovery(
                  cities,
                  publisher,
                  working.stages().repository(),
                  publisher.gate().held().keySet())
              .run(pending.orElse(null));
      progress = start.progress();
      adopted = start.adopted();
      if (adopted == null && pending.isPresent()) {
        adoption.end();
      }
      publication = new Publication(cities, publisher);
      isRecovered = true;
      draft.recovered();
    } catch (IOException | BuildException e) {
      throw new CycleFailure(Stage.RECOVER, e);
    }
  }

  /**
   * Does what people asked for, but while cities that were built anew are not published yet.
   *
   * @return whether working indexes were replaced by what is published
   */
  private boolean obey() throws CycleFailure {
    if (adopted != null || rule().isFirst()) {
      return false;
    }
    OrderDesk desk =
        new OrderDesk(cities, publisher, working.stages().repository(), routes, publication, time);
    try {
      // Half an order may have replaced indexes: then the next cycle looks at all of them.
      isRecovered = false;
      SortedSet<City> replayed = desk.obey();
      progress = progress.with(replayed, publisher.current().orElse(null));
      isRecovered = true;
      return !replayed.isEmpty();
    } catch (PublishException e) {
      throw new CycleFailure(Stage.PUBLISH, e);
    } catch (IOException e) {
      throw new CycleFailure(Stage.RECOVER, e);
    }
  }

  /** Before the poll, which may compare the table with what the routing table leads to. */
  private void bringRoutesUpToDate() throws CycleFailure {
    try {
      Digest contents = cities.contents();
      if (!routes.contents().equals(Optional.of(contents))) {
        transitions.rebuildsRoutes(cities.working().size());
        routes.rebuild(cities, progress.resumeFrom(), contents);
      }
    } catch (IOException e) {
      throw new CycleFailure(Stage.ROUTE, e);
    }
  }

  /** Rebuilt cities are not published before they have caught up, so that all wait for them. */
  private Set<City> leftOut(Draft draft) {
    if (adopted != null) {
      return Set.of();
    }
    Set<City> leftOut =
        stragglers.leftOut(progress.behind().keySet(), cities.overdue().keySet(), time.now());
    // One that is in no index has no entry that could say how far it has come.
    SortedMap<City, String> waiting = new TreeMap<>(paused);
    waiting.keySet().retainAll(cities.working().keySet());
    draft.paused(waiting);
    leftOut.addAll(waiting.keySet());
    return leftOut;
  }

  private SortedMap<City, Instant> nextTries() {
    return adopted == null ? stragglers.nextTries(time.now()) : Collections.emptySortedMap();
  }

  private ChangeBatch poll(Set<City> leftOut, Draft draft) throws CycleFailure {
    try {
      ChangeBatch batch =
          working
              .stages()
              .source()
              .poll(
                  progress.resumeFrom(leftOut),
                  progress.window(leftOut),
                  new IndexedDocuments(routes, cities, paused.isEmpty()));
      draft.polled(batch);
      return batch;
    } catch (SourceException e) {
      throw new CycleFailure(Stage.POLL, e);
    }
  }

  private RoutedBatch route(ChangeBatch batch, Draft draft) throws CycleFailure {
    try {
      RoutedBatch routed = Router.route(batch.changes(), routes, progress.behind().keySet());
      draft.routed(routed);
      return routed;
    } catch (IOException e) {
      throw new CycleFailure(Stage.ROUTE, e);
    }
  }

  private Progress build(ChangeBatch batch, RoutedBatch routed, Set<City> leftOut, Draft draft)
      throws CycleFailure {
    Applied applied = Applied.run(cities, routed, batch, progress, leftOut);
    Set<City> failed = applied.failed().keySet();
    draft.applied(applied);
    draft.followed(
        stragglers.polled(progress.served(leftOut), batch.reachedEnd(), failed, time.now()));
    moved(applied);
    Progress next = progress.after(batch, failed, leftOut);
    try {
      // After the cities: a crash before this leaves a digest that is not theirs.
      Map<DocumentKey, SortedSet<City>> places = applied.places();
      Digest contents = cities.contents();
      if (!places.isEmpty() || !routes.contents().equals(Optional.of(contents))) {
        routes.update(places, next.resumeFrom(), contents);
        cities.queueMerge("routing", routes);
      }
      draft.built();
      return next;
    } catch (IOException e) {
      throw new CycleFailure(Stage.BUILD, e);
    }
  }

  private void moved(Applied applied) throws CycleFailure {
    publication.exchanged(applied.exchanges());
    try {
      publisher.gate().departed(applied.departed());
    } catch (IOException e) {
      throw new CycleFailure(Stage.PUBLISH, e);
    }
  }

  private int commitMerges() {
    List<CityCommit> merged = cities.commitMerges();
    merged.forEach(cities::release);
    return merged.size();
  }

  private CycleOutcome publish(ChangeBatch batch, Progress next, Draft draft) throws CycleFailure {
    Optional<String> hold =
        rule().reasonToHold(next, batch.reachedEnd(), !cities.working().isEmpty());
    if (hold.isPresent()) {
      progress = next;
      return new CycleOutcome.Held(hold.get());
    }
    CycleTimes times =
        new CycleTimes(
            batch.report().started(),
            batch.report().replicaLag(),
            batch.report().duration(),
            draft.buildTime(),
            Duration.ZERO);
    Publication.Result result =
        publishNow(next, new Publication.Claim(batch.readThrough(), batch.clock(), times));
    draft.published(result.withheld(), result.held());
    return result.outcome();
  }

  private Publication.Result publishNow(Progress next, Publication.Claim claim)
      throws CycleFailure {
    try {
      Snapshot before = publisher.current().orElse(null);
      Publication.Result result = publication.run(next, claim, rule());
      progress = next.with(result.withheld().keySet(), before);
      held = result.held().keySet();
      if (isAdoptedBy(result)) {
        adopted = null;
        adoption.end();
      }
      return result;
    } catch (PublishException | IOException e) {
      throw new CycleFailure(Stage.PUBLISH, e);
    }
  }

  /** One of its cities that is published tells: not where all of them were withheld. */
  private boolean isAdoptedBy(Publication.Result result) {
    return adopted != null
        && !(result.outcome() instanceof CycleOutcome.Held)
        && (adopted.built().isEmpty()
            || !result.withheld().keySet().containsAll(adopted.built().keySet()));
  }

  private PublicationRule rule() {
    return new PublicationRule(publisher.current().orElse(null), cities.schemaDigest(), adopted);
  }

  /** After a failure nothing counts as read that LATEST, or a rebuild, does not stand for. */
  private void resumeFromLatest() {
    Optional<Snapshot> latest = publisher.current();
    progress =
        isRecovered && latest.isPresent() && adopted == null && !rule().isWhole()
            ? Progress.of(latest.get()).keeping(held, progress)
            : progress.unseen();
  }
}
