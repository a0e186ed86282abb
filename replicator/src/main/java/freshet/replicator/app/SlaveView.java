package freshet.replicator.app;

import freshet.replicator.alert.AlertMonitor;
import freshet.replicator.alert.SlaveObservation;
import freshet.replicator.files.DiskSpace;
import freshet.replicator.freshness.AgeReport;
import freshet.replicator.freshness.CanaryReport;
import freshet.replicator.freshness.CityAge;
import freshet.replicator.freshness.ClockReading;
import freshet.replicator.freshness.MasterContact;
import freshet.replicator.freshness.ServedState;
import freshet.replicator.freshness.SlaveStatus;
import freshet.replicator.freshness.Waiting;
import freshet.replicator.incident.Incident;
import freshet.replicator.page.CityRow;
import freshet.replicator.pause.Pause;
import freshet.replicator.pause.PauseWatch;
import freshet.replicator.pause.Pauses;
import freshet.replicator.pull.Puller;
import freshet.replicator.runtime.Time;
import freshet.replicator.schedule.SlaveLoop;
import freshet.replicator.schedule.SlaveLoop.State;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CitySubset;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** What a running slave says of itself. Thread-safe. */
final class SlaveView implements SlaveWatch.Sight {
  /** Characters of globs in a report, of which a server takes 16 KB. */
  private static final int MOST_GLOBS = 4_000;

  private static final int MOST_FINDINGS = 20;

  private final ReplicatorConfig config;
  private final String url;
  private final Serving serving;
  private final Puller puller;
  private final SlaveLoop loop;
  private final AlertMonitor monitor;
  private final PauseWatch pauses;
  private final Optional<RemoteIncidents> incidents;
  private final Time time;

  SlaveView(
      ReplicatorConfig config,
      String url,
      Serving serving,
      Puller puller,
      SlaveLoop loop,
      AlertMonitor monitor,
      PauseWatch pauses,
      Optional<RemoteIncidents> incidents,
      Time time) {
    this.config = config;
    this.url = url;
    this.serving = serving;
    this.puller = puller;
    this.loop = loop;
    this.monitor = monitor;
    this.pauses = pauses;
    this.incidents = incidents;
    this.time = time;
  }

  SlaveStatus status() {
    ClockReading now = ClockReading.of(time);
    ServedState served = serving.served();
    Serving.LastPull last = serving.lastPull();
    // Looked at once, so that one answer does not contradict itself.
    Pauses paused = pauses.now();
    return new SlaveStatus(
        config.name(),
        now.wall(),
        served == null ? null : served.snapshot().generation(),
        served == null ? 0 : served.snapshot().documents(),
        subset(),
        serving.age(),
        serving.canary(),
        waitsFor(served != null, loop.status().state(), paused, now),
        last == null ? null : last.what(),
        last == null ? null : last.at(),
        serving.fetchedBytes(),
        puller.replays().bytesReplayed(),
        puller.replays().sentence(config.store().pull().replay()),
        freeBytes(),
        paused.whole(),
        findings(),
        monitor.told(),
        PauseWords.some(paused),
        null);
  }

  private @Nullable CitySubset subset() {
    CitySubset subset = config.store().pull().cities();
    int length = subset.allOf().stream().flatMap(List::stream).mapToInt(String::length).sum();
    return subset.isAll() || length > MOST_GLOBS ? null : subset;
  }

  private List<String> findings() {
    List<String> globs = puller.unmatchedGlobs();
    List<String> findings = new ArrayList<>();
    globs.stream()
        .limit(MOST_FINDINGS)
        .forEach(
            glob -> findings.add("no published city matches '%s' of pull.cities".formatted(glob)));
    if (globs.size() > MOST_FINDINGS) {
      findings.add(
          "nor does one match %,d more of its globs".formatted(globs.size() - MOST_FINDINGS));
    }
    puller.packs().finding().ifPresent(findings::add);
    findings.addAll(PauseWords.findings(serving.passed()));
    return findings;
  }

  /** How old what is served is. */
  AgeReport age() {
    return serving.age();
  }

  /** How old it may be. */
  Duration ageLimit() {
    return config.freshness().limit();
  }

  /** Each city that is served. */
  List<CityRow> cities() {
    return serving.cities(pauses.now().cities());
  }

  /** How old each of them is. */
  SortedMap<City, CityAge> cityAges() {
    return serving.cityAges(pauses.now().cities());
  }

  @Override
  public SlaveObservation observation(Instant at) {
    ServedState served = serving.served();
    SlaveLoop.Status status = loop.status();
    Pauses paused = pauses.now();
    return new SlaveObservation(
        at,
        serving.age(),
        ageLimit(),
        serving.canary(),
        waitsFor(served != null, status.state(), paused, ClockReading.of(time)),
        status.trouble(),
        paused.whole(),
        SlaveObservation.Standing.of(paused, serving.cityAges(paused.cities()), at));
  }

  @Override
  public @Nullable String generation() {
    ServedState served = serving.served();
    return served == null ? null : served.snapshot().generation().toString();
  }

  @Override
  public boolean knowsPulls() {
    SlaveLoop.Status status = loop.status();
    return serving.lastPull() != null || status.trouble() != null || pauses.now().whole() != null;
  }

  /**
   * Why no query should be sent here; empty if what is served is fresh enough. Cities that are
   * paused don't count, lest one of them takes every slave from its balancer.
   */
  Optional<String> whyNotReady() {
    CanaryReport canary = serving.canary();
    City city = canary == null ? null : canary.canary().city();
    boolean isPaused = city != null && pauses.now().cities().containsKey(city);
    return Readiness.whyNot(serving.ageOfUnpaused(), isPaused ? null : canary, ageLimit());
  }

  private String waitsFor(boolean isServing, State state, Pauses paused, ClockReading now) {
    return PauseWords.after(waitsForNow(isServing, state, paused.whole(), now), paused);
  }

  private String waitsForNow(
      boolean isServing, State state, @Nullable Pause pause, ClockReading now) {
    if (state instanceof State.Pulling pulling) {
      return "pulls since " + pulling.since();
    }
    if (pause != null) {
      return "is " + pause.sentence();
    }
    @Nullable String failure = state instanceof State.BackingOff backing ? backing.cause() : null;
    String sentence =
        Waiting.sentence(
            isServing, null, new MasterContact(url, serving.lastAnswer(), failure), now);
    Incident known = incidents.map(RemoteIncidents::last).orElse(null);
    return known == null
        ? sentence
        : "%s; %s: %s".formatted(sentence, known.reference(), known.what());
  }

  /** On the disk of its store. */
  long freeBytes() {
    try {
      return DiskSpace.freeBytes(config.store().folder());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
