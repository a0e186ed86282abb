package freshet.replicator.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import freshet.replicator.config.Secret;
import freshet.replicator.incident.Notice;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSinkIT {
  private final Receiver receiver;

  WebhookSinkIT() throws Exception {
    receiver = new Receiver();
  }

  @AfterEach
  void close() {
    receiver.close();
  }

  @Test
  void aMessageArrivesAsJsonWithEverythingThatHelps() throws Exception {
    sink(Duration.ofSeconds(30)).send(Notices.message(Notice.Event.FIRING));

    Receiver.Received received = receiver.take();
    assertThat(received.path()).isEqualTo("/hook?key=s3cret");
    assertThat(received.authorization()).isEqualTo("Bearer t0ken");
    JsonNode json = new ObjectMapper().readTree(received.body());
    assertThat(json.path("event").asText()).isEqualTo("firing");
    assertThat(json.path("text").asText()).contains("no greeting from replica-1 within 3 s");
    JsonNode incident = json.path("incident");
    assertThat(incident.path("cause").asText()).isEqualTo("poll-fails");
    assertThat(incident.path("stage").asText()).isEqualTo("POLL");
    assertThat(incident.path("affected")).hasSize(2);
    assertThat(incident.path("nextCommand").asText()).isEqualTo("bin/indexer doctor");
    assertThat(json.path("id").asText())
        .isEqualTo("master/poll-fails/2026-03-01T12:00:00Z/firing/2026-03-01T12:01:00Z");
  }

  @ParameterizedTest
  @CsvSource({"500, false", "404, false", "429, false", "400, true", "422, true"})
  void anAnswerOtherThan2xxIsAFailure(int status, boolean isRefusal) {
    receiver.status(status);

    SinkException failure =
        catchThrowableOfType(
            SinkException.class,
            () -> sink(Duration.ofSeconds(30)).send(Notices.message(Notice.Event.FIRING)));

    assertThat(failure.isRefusal()).isEqualTo(isRefusal);
    assertThat(failure)
        .hasMessageContaining("HTTP %d, 2xx is expected: what the receiver says".formatted(status))
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void aBodyThatDoesNotEndIsGivenUp() {
    receiver.stalls(true);

    SinkException failure =
        catchThrowableOfType(
            SinkException.class,
            () -> sink(Duration.ofMillis(300)).send(Notices.message(Notice.Event.FIRING)));

    assertThat(failure).hasMessageContaining("no whole answer within 300 ms");
    assertThat(failure.isRefusal()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"t0ken\n", "t0ken\r\nX-Other: 1", "t0 ken", "t0kén€"})
  void aTokenThatNoHeaderMayHoldIsNotShownInTheError(String token) {
    WebhookSink sink =
        new WebhookSink(
            new WebhookSink.Settings(
                receiver.uri("/hook"), Secret.literal(token), Duration.ofSeconds(30)));

    assertThatThrownBy(() -> sink.send(Notices.message(Notice.Event.FIRING)))
        .isInstanceOf(SinkException.class)
        .hasMessageContaining("was not sent: its token holds a blank, a line break")
        .hasMessageNotContaining("t0");
    assertThat(receiver.count()).isZero();
  }

  @Test
  void aReceiverThatIsGoneIsAFailure() {
    receiver.close();

    SinkException failure =
        catchThrowableOfType(
            SinkException.class,
            () -> sink(Duration.ofSeconds(30)).send(Notices.message(Notice.Event.FIRING)));

    assertThat(failure).hasMessageContaining("connection refused: nothing listens at that port");
  }

  private WebhookSink sink(Duration timeout) {
    URI url = receiver.uri("/hook?key=s3cret");
    return new WebhookSink(new WebhookSink.Settings(url, Secret.literal("t0ken"), timeout));
  }
}
