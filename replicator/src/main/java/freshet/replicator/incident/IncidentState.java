package freshet.replicator.incident;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Where one cause stands. A cause without a state has been well for long. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "state")
@JsonSubTypes({
  @JsonSubTypes.Type(value = IncidentState.Pending.class, name = "pending"),
  @JsonSubTypes.Type(value = IncidentState.Firing.class, name = "firing"),
  @JsonSubTypes.Type(value = IncidentState.Resolved.class, name = "resolved")
})
public sealed interface IncidentState {

  /**
   * The same, as another clock has its moments. When an incident began that somebody was told of
   * stays as it was told: that is its name.
   */
  IncidentState by(UnaryOperator<Instant> clock);

  /**
   * It is there, but not for long enough to tell anybody.
   *
   * @param since when it began
   * @param before the incident that it may become a relapse of; null if there was none lately
   */
  record Pending(Instant since, @Nullable Resolved before) implements IncidentState {
    @Override
    public Pending by(UnaryOperator<Instant> clock) {
      return new Pending(clock.apply(since), before == null ? null : before.by(clock));
    }
  }

  /**
   * Somebody was told.
   *
   * @param since when it began
   * @param sentAt when it was told last
   * @param wellSince since when it has been gone; null while it is there
   * @param returnedAt when it last came back after it had been gone; null if it did not
   * @param flaps how often it came back
   * @param told the symptom as it was when it was told last
   * @param lastGood the generation then; null if none
   */
  record Firing(
      Instant since,
      Instant sentAt,
      @Nullable Instant wellSince,
      @Nullable Instant returnedAt,
      int flaps,
      Symptom told,
      @Nullable String lastGood)
      implements IncidentState {
    @Override
    public Firing by(UnaryOperator<Instant> clock) {
      return new Firing(
          since,
          clock.apply(sentAt),
          wellSince == null ? null : clock.apply(wellSince),
          returnedAt == null ? null : clock.apply(returnedAt),
          flaps,
          told,
          lastGood);
    }
  }

  /**
   * It is over, but lately enough that its return is flapping.
   *
   * @param at when that was told
   * @param flaps of the incident
   */
  record Resolved(Instant at, int flaps) implements IncidentState {
    @Override
    public Resolved by(UnaryOperator<Instant> clock) {
      return new Resolved(clock.apply(at), flaps);
    }
  }
}
