package freshet.replicator.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import freshet.replicator.incident.Incident;
import freshet.replicator.incident.Notice;
import freshet.replicator.incident.Severity;
import freshet.replicator.runtime.ManualTime;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertmanagerSinkIT {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir private Path folder;

  @Test
  void whatChangesIsNoLabelAndTheEndLiesAFewRepetitionsAhead() throws Exception {
    try (Receiver receiver = new Receiver()) {
      ManualTime time = new ManualTime(NOON.plusSeconds(3_600));
      AlertmanagerSink sink = sink(receiver.uri("/prefix/"), time);

      sink.send(Notices.message(Notice.Event.FIRING));
      JsonNode firing = alert(receiver);
      sink.send(Notices.message(Notice.Event.RESOLVED));
      JsonNode resolved = alert(receiver);
      sink.refresh(List.of());
      sink.refresh(List.of(Notices.incident(Severity.CRITICAL, NOON)));
      JsonNode again = alert(receiver);

      assertThat(firing.path("labels").toString())
          .isEqualTo(
              "{\"alertname\":\"FreshetPollFails\",\"cause\":\"poll-fails\",\"instance\":\"master\","
                  + "\"severity\":\"critical\",\"stage\":\"poll\",\"team\":\"search\"}");
      assertThat(firing.path("annotations").path("failure").asText())
          .isEqualTo("HandshakeTimedOut");
      assertThat(firing.path("startsAt").asText()).isEqualTo("2026-03-01T12:00:00Z");
      // An hour late, for the message had waited: an end in the past would resolve it.
      assertThat(firing.path("endsAt").asText()).isEqualTo("2026-03-01T13:04:00Z");
      assertThat(resolved.path("labels")).isEqualTo(firing.path("labels"));
      assertThat(resolved.path("endsAt").asText()).isEqualTo("2026-03-01T12:01:00Z");
      assertThat(again.path("labels")).isEqualTo(firing.path("labels"));
      assertThat(again.path("endsAt").asText()).isEqualTo("2026-03-01T13:04:00Z");
      assertThat(receiver.count()).isZero();
    }
  }

  @Test
  void aClockThatWasSetBackResolvesNothingAndKeepsNothingOpen() throws Exception {
    try (Receiver receiver = new Receiver()) {
      AlertmanagerSink sink =
          sink(receiver.uri("/prefix"), new ManualTime(NOON.minusSeconds(7_200)));

      sink.send(Notices.message(Notice.Event.FIRING));
      JsonNode firing = alert(receiver);
      sink.refresh(List.of(Notices.incident(Severity.CRITICAL, NOON)));
      JsonNode again = alert(receiver);
      sink.send(Notices.message(Notice.Event.RESOLVED));
      JsonNode resolved = alert(receiver);

      assertThat(firing.path("startsAt").asText()).isEqualTo("2026-03-01T10:00:00Z");
      assertThat(firing.path("endsAt").asText()).isEqualTo("2026-03-01T10:04:00Z");
      assertThat(again.path("endsAt").asText()).isEqualTo("2026-03-01T10:04:00Z");
      assertThat(resolved.path("endsAt").asText()).isEqualTo("2026-03-01T10:00:00Z");
    }
  }

  @Test
  void theRealOneTakesWhatIsSent() throws Exception {
    try (RealAlertmanager real = RealAlertmanager.start(folder)) {
      AlertmanagerSink sink = sink(real.uri(), new SystemTime());
      Instant since = new SystemTime().now().truncatedTo(ChronoUnit.MILLIS).minusSeconds(90);
      Notice firing = Notices.of(Notice.Event.FIRING, Severity.CRITICAL, since);

      sink.send(new Message(firing, 0));
      assertThat(real.alerts()).hasSize(1);
      JsonNode alert = real.alerts().get(0);
      assertThat(alert.path("labels").path("alertname").asText()).isEqualTo("FreshetPollFails");
      assertThat(alert.path("annotations").path("next_command").asText())
          .isEqualTo("bin/indexer doctor");
      assertThat(alert.path("status").path("state").asText()).isNotEqualTo("resolved");

      Incident incident = firing.incident();
      sink.refresh(List.of(incident));
      assertThat(real.alerts()).hasSize(1);

      sink.send(new Message(new Notice(Notice.Event.RESOLVED, since.plusSeconds(80), incident), 0));
      assertThat(real.alerts()).isEmpty();
    }
  }

  private static JsonNode alert(Receiver receiver) throws Exception {
    Receiver.Received received = receiver.take();
    assertThat(received.path()).isEqualTo("/prefix/api/v2/alerts");
    return new ObjectMapper().readTree(received.body()).path(0);
  }

  private static AlertmanagerSink sink(URI url, Time time) {
    return new AlertmanagerSink(
        new AlertmanagerSink.Settings(
            url,
            null,
            Duration.ofSeconds(60),
            Duration.ofMinutes(1),
            new TreeMap<>(Map.of("team", "search"))),
        time);
  }
}
