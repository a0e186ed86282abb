package freshet.replicator.review;

import freshet.replicator.alert.ToldIncident;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.incident.Incident;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The incidents of a node: the JSON of {@code incident list}.
 *
 * @param incidents what is pending first, then the newest first
 * @param note what is to be known of them; null for nothing
 */
record IncidentCatalog(List<Known> incidents, @Nullable String note) {
  private static final int NAMED = 3;

  IncidentCatalog {
    incidents = List.copyOf(incidents);
  }

  /**
   * One of them.
   *
   * @param state pending, firing or resolved
   * @param incident as it looks now, or looked last
   * @param times that it was told, its end included
   * @param toldFirst when its begin was told; null if it was not
   * @param toldLast when it was told last; null if it was not
   * @param until when it was over; null while it is not
   */
  record Known(
      String state,
      Incident incident,
      int times,
      @Nullable Instant toldFirst,
      @Nullable Instant toldLast,
      @Nullable Instant until) {

    /** As its node wrote it down. */
    static Known of(ToldIncident told) {
      return new Known(
          told.until() == null ? "firing" : "resolved",
          told.incident(),
          told.times(),
          told.toldFirst(),
          told.toldLast(),
          told.until());
    }

    /** That nobody was told of, as far as is known. */
    static Known untold(Incident incident) {
      String state = incident.phase().name().toLowerCase(Locale.ROOT);
      return new Known(state, incident, 0, null, null, null);
    }

    /** The same as it looks now. */
    Known as(Incident now) {
      return new Known(state, now, times, toldFirst, toldLast, until);
    }

    boolean isOpen() {
      return until == null;
    }
  }

  /** The first so many. */
  IncidentCatalog limitedTo(int most) {
    return new IncidentCatalog(incidents.subList(0, Math.min(most, incidents.size())), note);
  }

  /**
   * One of them.
   *
   * @param id its own, or the name of a cause, which stands for its newest one
   * @throws CommandException if there is none
   */
  Known find(String id) throws CommandException {
    return incidents.stream()
        .filter(each -> each.incident().id().equals(id) || each.incident().cause().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new CommandException(
                    ExitCode.USAGE,
                    incidents.isEmpty()
                        ? "no incident is known, so that '%s' is not either".formatted(id)
                        : "no incident has the id or cause '%s'; the newest are %s; see: incident list"
                            .formatted(id, newest())));
  }

  private String newest() {
    return incidents.stream()
        .limit(NAMED)
        .map(each -> each.incident().id())
        .collect(Collectors.joining(", "));
  }
}
