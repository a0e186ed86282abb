package freshet.replicator.page;

import freshet.replicator.freshness.Age;
import freshet.replicator.freshness.Words;
import freshet.replicator.incident.Incident;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The one sentence on top: fresh, or what is wrong.
 *
 * @param state of the whole
 * @param sentence without a full stop
 */
public record Headline(State state, String sentence) {

  /** How the whole is. */
  public enum State {
    /** Within its limit, and nothing is wrong. */
    FRESH,
    /** Within its limit, but something may become an incident. */
    WATCHED,
    /** Too old, of unknown age, or with an incident. */
    TROUBLE
  }

  /**
   * What is most urgent comes first: an incident, an age without bound, one above its limit.
   *
   * @param subject whose age it is, such as {@code slowest slave}
   * @param detail what else to say of the subject; empty for nothing
   * @param incidents that are pending or firing, first failing stages first
   */
  public static Headline of(
      String subject, String detail, Age age, Duration limit, List<Incident> incidents) {
    String added = detail.isEmpty() ? "" : " (" + detail + ")";
    List<Incident> firing = of(incidents, Incident.Phase.FIRING);
    if (!firing.isEmpty()) {
      return new Headline(State.TROUBLE, wrong(firing) + "; " + subject + " " + words(age) + added);
    }
    if (!(age instanceof Age.Known known)) {
      return new Headline(State.TROUBLE, "Nobody knows how fresh: " + subject + " " + words(age));
    }
    if (known.atMost().compareTo(limit) > 0) {
      return new Headline(
          State.TROUBLE,
          "Too old: %s %s, the limit is %s%s"
              .formatted(subject, words(age), Words.duration(limit), added));
    }
    String fresh = "Fresh: %s %s%s".formatted(subject, words(age), added);
    List<Incident> pending = of(incidents, Incident.Phase.PENDING);
    return pending.isEmpty()
        ? new Headline(State.FRESH, fresh)
        : new Headline(
            State.WATCHED, fresh + "; being watched: " + pending.getFirst().what() + more(pending));
  }

  private static List<Incident> of(List<Incident> incidents, Incident.Phase phase) {
    return incidents.stream().filter(incident -> incident.phase() == phase).toList();
  }

  private static String wrong(List<Incident> firing) {
    Incident first = firing.getFirst();
    return "Wrong at %s since %s: %s%s"
        .formatted(
            first.stage().name().toLowerCase(Locale.ROOT),
            Times.second(first.since()),
            first.what(),
            more(firing));
  }

  private static String more(List<Incident> incidents) {
    int more = incidents.size() - 1;
    return more == 0 ? "" : ", and %d more".formatted(more);
  }

  private static String words(Age age) {
    return switch (age) {
      case Age.Known known -> Words.duration(known.atMost()) + " behind the database";
      case Age.Unknown unknown -> "is of unknown age: " + unknown.reason();
    };
  }
}
