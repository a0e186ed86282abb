package freshet.replicator.incident;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** A book that is looked at second by second. */
final class Watched {
  static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  static final Cause POLL = Cause.of("poll-fails", Stage.POLL, Severity.CRITICAL);
  static final Cause LAG = Cause.of("replica-lags", Stage.REPLICATION, Severity.CRITICAL);
  static final Cause CITIES = Cause.of("cities-fail", Stage.BUILD, Severity.CRITICAL);
  static final Cause AGE = Cause.effect("age-above-limit", Stage.SERVE, Severity.CRITICAL);
  static final IncidentOptions OPTIONS =
      new IncidentOptions(
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofHours(4),
          Duration.ofMinutes(10));

  private final List<Notice> notices = new ArrayList<>();
  private IncidentBook book = IncidentBook.EMPTY;
  private List<Incident> incidents = List.of();

  static Symptom symptom(Cause cause) {
    return Symptom.of(
        cause,
        "HandshakeTimedOut",
        "no greeting from replica-1 within 3 s",
        null,
        new Advice("bin/indexer doctor", "HandshakeTimedOut"));
  }

  static Symptom of(Cause cause, String... names) {
    return symptom(cause).affecting(new TreeSet<>(List.of(names)));
  }

  static Symptom beyondLimit(Cause cause, Instant limitAt) {
    Symptom symptom = symptom(cause);
    return new Symptom(
        cause,
        Symptom.Presence.CLEAR,
        symptom.failure(),
        symptom.what(),
        symptom.affected(),
        limitAt,
        symptom.advice());
  }

  void look(int second, Symptom... symptoms) {
    look(second, null, symptoms);
  }

  void look(int second, String explainedBy, Symptom... symptoms) {
    take(
        new Look(
            "master", NOON.plusSeconds(second), "1-0000000007", List.of(symptoms), explainedBy));
  }

  /** By a node that does not know everything yet. */
  void lookInPart(int second, Symptom... symptoms) {
    take(
        new Look(
            "master", NOON.plusSeconds(second), "1-0000000007", List.of(symptoms), null, false));
  }

  private void take(Look look) {
    IncidentBook.Step step = book.after(look, OPTIONS);
    book = step.book();
    incidents = step.incidents();
    notices.addAll(step.notices());
  }

  List<Notice> notices() {
    return notices;
  }

  List<String> told() {
    return notices.stream()
        .map(notice -> notice.eventName() + " " + notice.incident().cause())
        .toList();
  }

  List<Incident> incidents() {
    return incidents;
  }

  IncidentBook book() {
    return book;
  }
}
