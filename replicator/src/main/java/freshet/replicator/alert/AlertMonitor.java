package freshet.replicator.alert;

import static java.util.stream.Collectors.toSet;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.incident.Incident;
import freshet.replicator.incident.IncidentBook;
import freshet.replicator.incident.Look;
import freshet.replicator.incident.Notice;
import freshet.replicator.incident.Symptom;
import freshet.replicator.runtime.Backoff;
import freshet.replicator.runtime.Count;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.sink.Sink;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes looks, remembers incidents over restarts, and hands what is to be told to each sink's
 * outbox: first it is decided and written down as one, then it is handed over, so that a kill in
 * between neither loses nor doubles a message. Thread-safe.
 */
public final class AlertMonitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AlertMonitor.class);
  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  /** Whoever asks what is open gets no older answer: nodes decide by it what they tell. */
  private static final Duration FRESH = Duration.ofSeconds(1);

  /** What an attempt that runs at the end may take to be noted. */
  private static final Duration LAST_ATTEMPT = Duration.ofSeconds(1);

  private static final String LOG_SINK = "log";

  private final Path folder;
  private final Path file;
  private final AlertSettings settings;
  private final Time time;
  private final IncidentClock clock;
  private final List<Outbox> outboxes = new ArrayList<>();
  private final List<Outbox> reaching = new ArrayList<>();
  private final List<Delivery> deliveries = new ArrayList<>();
  private final StopSignal stop = new StopSignal();
  private AlertMemory memory;
  private IncidentJournal journal;
  private boolean isWritten = true;
  private volatile OpenIncidents newest = new OpenIncidents("", List.of(), null);
  private volatile @Nullable Long lookedAt;

  /**
   * Goes on with what an earlier process left in this folder, and begins to send.
   *
   * @param folder of this node alone, created if it is missing
   */
  public AlertMonitor(Path folder, AlertSettings settings, List<Sink> sinks, Time time) {
    this(folder, settings, sinks, new Backoff(FIRST_WAIT, LONGEST_WAIT, new SecureRandom()), time);
  }

  AlertMonitor(Path folder, AlertSettings settings, List<Sink> sinks, Backoff backoff, Time time) {
    this.folder = folder;
    this.file = folder.resolve("incidents.json");
    this.settings = settings;
    this.time = time;
    this.clock = new IncidentClock(time);
    try {
      DurableFiles.createFolders(folder);
      DurableFiles.removeTemporary(folder);
    } catch (IOException e) {
      LOG.error("{} can't be made ({}): a restart forgets incidents", folder, e.toString());
    }
    this.journal = IncidentJournal.readOrBegin(folder);
    AlertMemory remembered = AlertMemory.read(file).after(journal.newest()).notAfter(clock.now());
    for (Sink sink : sinks) {
      Outbox outbox =
          new Outbox(folder.resolve("outbox").resolve(sink.name()), settings.maxQueued());
      outboxes.add(outbox);
      if (!sink.name().equals(LOG_SINK)) {
        reaching.add(outbox);
      }
      // A memory that was lost must not give a number twice.
      remembered = remembered.after(outbox.newest());
      Delivery delivery = new Delivery(sink, outbox, () -> newest.firing(), backoff, time, stop);
      deliveries.add(delivery);
    }
    this.memory = remembered;
    // First: what an earlier process had handed over already, and goes out meanwhile, went twice.
    handOver();
    deliveries.forEach(Delivery::start);
  }

  /**
   * Looks once.
   *
   * @param where which node looks
   * @param lastGood the generation that goes on being served; null if none
   * @param explainedBy what is told elsewhere and explains the effects seen here; null if nothing
   *     does
   * @param symptoms what is wrong at that moment, at most one symptom of each cause
   * @return what is to be told because of it
   */
  public List<Notice> look(
      String where,
      @Nullable String lastGood,
      @Nullable Incident explainedBy,
      Function<Instant, List<Symptom>> symptoms) {
    return look(where, lastGood, explainedBy, true, symptoms);
  }

  /**
   * The same.
   *
   * @param isComplete whether what is not among the symptoms is not there; nothing ends otherwise
   */
  public synchronized List<Notice> look(
      String where,
      @Nullable String lastGood,
      @Nullable Incident explainedBy,
      boolean isComplete,
      Function<Instant, List<Symptom>> symptoms) {
    boolean wasSet = followWallClock();
    Instant now = clock.now();
    String elsewhere = explainedBy == null ? null : explainedBy.reference();
    Look look = new Look(where, now, lastGood, symptoms.apply(now), elsewhere, isComplete);
    IncidentBook.Step step = memory.book().after(look, settings.incidents());
    newest = new OpenIncidents(where, step.incidents(), explainedBy);
    lookedAt = time.nanoTime();
    if (wasSet || !step.book().equals(memory.book()) || !isWritten) {
      memory = memory.with(step.book(), step.notices());
      write();
      handOver();
    }
    keep(journal.closedBut(newest.firing().stream().map(Incident::id).collect(toSet())));
    return step.notices();
  }

  /** What is pending or open, as the last look saw it. */
  public OpenIncidents open() {
    return newest;
  }

  /** Whether the last look is too old for somebody who asks what is open. */
  public boolean isOutdated() {
    Long last = lookedAt;
    return last == null || time.since(last).compareTo(FRESH) > 0;
  }

  /**
   * Names of the causes that somebody was told of and that last; null if messages reach nobody, be
   * it that there is no sink but the log, or that none of them takes messages.
   */
  public @Nullable List<String> told() {
    return reaching.stream().anyMatch(outbox -> outbox.size() == 0)
        ? newest.firing().stream().map(Incident::cause).toList()
        : null;
  }

  /** How many messages wait, for all sinks together. */
  public int waiting() {
    return outboxes.stream().mapToInt(Outbox::size).sum();
  }

  /** How many messages were dropped that no later message has told of yet, for all sinks. */
  public long dropped() {
    return outboxes.stream().mapToLong(Outbox::dropped).sum();
  }

  /**
   * For a process that ends now: waits until all is sent, at most that long. What is not is sent by
   * the next one.
   */
  public void send(Duration atMost) throws InterruptedException {
    Deadline deadline = Deadline.after(time, atMost);
    deliveries.forEach(Delivery::refreshSoon);
    for (Delivery delivery : deliveries) {
      if (!delivery.finish(deadline)) {
        LOG.warn(
            "{} for the next run, not having arrived in {}",
            Count.of(waiting(), "message waits", "messages wait"),
            atMost);
        return;
      }
    }
  }

  /**
   * Ends sending; what waits is sent after the next start. Attempts that run are given a second: a
   * message that arrived and was not noted would come once more.
   */
  @Override
  public void close() {
    stop.request();
    Deadline deadline = Deadline.after(time, LAST_ATTEMPT);
    try {
      for (Delivery delivery : deliveries) {
        delivery.awaitEnd(deadline.remaining());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A wall clock that is set neither opens nor ends anything. */
  private boolean followWallClock() {
    Duration step = clock.step();
    if (step.isZero()) {
      return false;
    }
    LOG.warn("this host's clock was set by {}: incidents go on by the new time", step);
    memory = memory.stepped(step);
    return true;
  }

  private void handOver() {
    if (memory.unsent().isEmpty()) {
      return;
    }
    List<Notice> unsent = memory.unsent();
    long first = memory.firstUnsent();
    IncidentJournal next = journal;
    for (int i = 0; i < unsent.size(); i++) {
      next = next.with(first + i, unsent.get(i), settings.maxPast());
    }
    // Before anybody gets a message: who then asks finds it noted.
    keep(next);
    for (int i = 0; i < unsent.size(); i++) {
      for (Outbox outbox : outboxes) {
        outbox.add(first + i, unsent.get(i));
      }
    }
    memory = memory.with(memory.book(), List.of());
    write();
  }

  private void keep(IncidentJournal next) {
    if (next.equals(journal)) {
      return;
    }
    journal = next;
    try {
      next.write(folder);
    } catch (IOException e) {
      LOG.error(
          "the journal in {} can't be written ({}): it lacks the newest", folder, e.toString());
    }
  }

  private void write() {
    try {
      memory.write(file);
      isWritten = true;
    } catch (IOException e) {
      if (isWritten) {
        LOG.error("{} can't be written ({}): a restart may tell twice", file, e.toString());
      }
      isWritten = false;
    }
  }
}
