package freshet.replicator.sink;

import freshet.replicator.config.Secret;
import freshet.replicator.incident.Incident;
import freshet.replicator.incident.Notice;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.SnapshotCodec;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells Prometheus' Alertmanager, by version 2 of its API. It forgets what nobody repeats, so that
 * open incidents are sent again, each with an end a few repetitions ahead, as Prometheus does.
 */
public final class AlertmanagerSink implements Sink {
  private static final int MISSED_REFRESHES = 4;
  private static final Duration TEST_LASTS = Duration.ofMinutes(1);

  private final Settings settings;
  private final HttpPost post;
  private final Time time;

  /**
   * What is configured.
   *
   * @param url of the Alertmanager, without {@code /api/v2}
   * @param token shown as a bearer token; null for none
   * @param timeout of one attempt
   * @param resendEvery how often open incidents are sent again
   * @param labels that every alert gets beside its own
   */
  public record Settings(
      URI url,
      @Nullable Secret token,
      Duration timeout,
      Duration resendEvery,
      SortedMap<String, String> labels) {}

  /** An alert as the API wants it. */
  record ApiAlert(
      SortedMap<String, String> labels,
      SortedMap<String, String> annotations,
      Instant startsAt,
      Instant endsAt) {}

  /** To this Alertmanager. */
  public AlertmanagerSink(Settings settings, Time time) {
    this.settings = settings;
    this.time = time;
    URI alerts = URI.create(settings.url().toString().replaceFirst("/*$", "") + "/api/v2/alerts");
    this.post = new HttpPost(alerts, alerts.toString(), settings.token(), settings.timeout());
  }

  @Override
  public String name() {
    return "alertmanager";
  }

  @Override
  public String target() {
    return settings.url().toString();
  }

  @Override
  public void send(Message message) throws SinkException, InterruptedException {
    Notice notice = message.notice();
    Instant end =
        switch (notice.event()) {
          // From now: a message may have waited, and an end in the past would resolve the alert.
          case FIRING, STILL_FIRING -> lasting();
          // Not to come, where this host's clock was set back since: it would last until then.
          case RESOLVED -> earlier(notice.at(), time.now());
          case TEST -> time.now().plus(TEST_LASTS);
        };
    post(List.of(alert(notice, message.text(), end)));
  }

  @Override
  public Duration refreshEvery() {
    return settings.resendEvery();
  }

  @Override
  public void refresh(List<Incident> open) throws SinkException, InterruptedException {
    if (!open.isEmpty()) {
      post(
          open.stream()
              .map(incident -> new Notice(Notice.Event.FIRING, time.now(), incident))
              .map(notice -> alert(notice, notice.text(), lasting()))
              .toList());
    }
  }

  private Instant lasting() {
    return time.now().plus(settings.resendEvery().multipliedBy(MISSED_REFRESHES));
  }

  private void post(List<ApiAlert> alerts) throws SinkException, InterruptedException {
    post.send(
        alerts.stream()
            .map(SnapshotCodec::writeText)
            .collect(Collectors.joining(",", "[", "]"))
            .getBytes(StandardCharsets.UTF_8));
  }

  private ApiAlert alert(Notice notice, String text, Instant end) {
    Incident incident = notice.incident();
    // What may change while an incident lasts is no label: labels are its identity there.
    SortedMap<String, String> labels = new TreeMap<>(settings.labels());
    labels.put("alertname", alertName(incident.cause()));
    labels.put("cause", incident.cause());
    labels.put("stage", incident.stage().name().toLowerCase(Locale.ROOT));
    labels.put("severity", incident.severity().name().toLowerCase(Locale.ROOT));
    labels.put("instance", incident.where());
    SortedMap<String, String> annotations =
        new TreeMap<>(
            Map.of(
                "summary",
                notice.title(),
                "description",
                text,
                "failure",
                incident.failure(),
                "next_command",
                incident.nextCommand(),
                "troubleshooting",
                "docs/troubleshooting.md, \"" + incident.heading() + "\"",
                "last_good",
                incident.lastGood() == null ? "none" : incident.lastGood()));
    if (!incident.affected().isEmpty()) {
      annotations.put("affected", String.join(", ", incident.affected()));
    }
    // One that began in the future, by a clock that was set back since, would count as resolved.
    Instant start = earlier(incident.since(), time.now());
    return new ApiAlert(labels, annotations, start, end.isBefore(start) ? start : end);
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  /** {@code poll-fails} is FreshetPollFails. */
  private static String alertName(String cause) {
    StringBuilder name = new StringBuilder("Freshet");
    for (String word : cause.split("-", -1)) {
      name.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
    }
    return name.toString();
  }
}
