package freshet.replicator.app;

import freshet.replicator.alert.AlertSettings;
import freshet.replicator.config.ConfigSection;
import freshet.replicator.config.Made;
import freshet.replicator.config.Secret;
import freshet.replicator.incident.IncidentOptions;
import freshet.replicator.sink.AlertmanagerSink;
import freshet.replicator.sink.CommandSink;
import freshet.replicator.sink.SinkSettings;
import freshet.replicator.sink.SmtpSink;
import freshet.replicator.sink.WebhookSink;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code alerts} of either role. */
public final class AlertsSection {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int MOST_QUEUED = 100_000;
  private static final int MOST_PAST = 100_000;
  private static final int MAX_PORT = 65_535;
  private static final String URL =
      "an http or https URL without user and password is expected; who asks is shown by token";
  private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=(.+)");

  private AlertsSection() {}

  /** Everything of it. */
  public static Made<AlertSettings> read(ConfigSection alerts) {
    IncidentOptions otherwise = IncidentOptions.DEFAULT;
    Duration pending = alerts.duration("pending_for", otherwise.pendingFor());
    Duration clear = alerts.duration("clear_for", otherwise.clearFor());
    Duration repeat = alerts.timeout("repeat_every", otherwise.repeatEvery());
    Duration flaps = alerts.duration("flap_window", otherwise.flapWindow());
    if (flaps.compareTo(clear) < 0) {
      alerts.problem("flap_window", "it must not be shorter than clear_for");
    }
    int queued = alerts.number("max_queued", 1000, 1, MOST_QUEUED);
    int past = alerts.number("max_past", 1000, 1, MOST_PAST);
    boolean log = alerts.flag("log", true);
    Made<Optional<WebhookSink.Settings>> webhook = webhook(alerts, "webhook");
    Made<Optional<AlertmanagerSink.Settings>> alertmanager = alertmanager(alerts, "alertmanager");
    Made<Optional<SmtpSink.Settings>> smtp = smtp(alerts, "smtp");
    Made<Optional<CommandSink.Settings>> command = command(alerts, "command");
    return alerts.make(
        () ->
            new AlertSettings(
                new IncidentOptions(pending, clear, repeat, flaps),
                queued,
                past,
                new SinkSettings(
                    log,
                    webhook.get().orElse(null),
                    alertmanager.get().orElse(null),
                    smtp.get().orElse(null),
                    command.get().orElse(null))));
  }

  private static Made<Optional<WebhookSink.Settings>> webhook(ConfigSection alerts, String key) {
    boolean isWanted = alerts.has(key);
    ConfigSection webhook = alerts.section(key);
    Optional<URI> url = webhook.optionalHidden("url", URL, AlertsSection::url);
    Optional<Secret> token = webhook.optionalSecret("token");
    Duration timeout = webhook.timeout("timeout", TIMEOUT);
    require(webhook, "url", isWanted && !webhook.has("url"));
    return webhook.make(
        () -> url.map(to -> new WebhookSink.Settings(to, token.orElse(null), timeout)));
  }

  private static Made<Optional<AlertmanagerSink.Settings>> alertmanager(
      ConfigSection alerts, String key) {
    boolean isWanted = alerts.has(key);
    ConfigSection manager = alerts.section(key);
    Optional<URI> url = manager.optionalHidden("url", URL, AlertsSection::url);
    Optional<Secret> token = manager.optionalSecret("token");
    Duration timeout = manager.timeout("timeout", TIMEOUT);
    Duration resend = manager.timeout("resend_every", Duration.ofMinutes(1));
    SortedMap<String, String> labels = labels(manager);
    require(manager, "url", isWanted && !manager.has("url"));
    return manager.make(
        () ->
            url.map(
                to ->
                    new AlertmanagerSink.Settings(
                        to, token.orElse(null), timeout, resend, labels)));
  }

  private static SortedMap<String, String> labels(ConfigSection manager) {
    SortedMap<String, String> labels = new TreeMap<>();
    for (String text : manager.texts("labels")) {
      Matcher label = LABEL.matcher(text);
      if (label.matches()) {
        labels.put(label.group(1), label.group(2));
      } else {
        manager.problem(
            "labels", "'%s': name=value is expected, such as team=search".formatted(text));
      }
    }
    return labels;
  }

  private static Made<Optional<SmtpSink.Settings>> smtp(ConfigSection alerts, String key) {
    boolean isWanted = alerts.has(key);
    ConfigSection smtp = alerts.section(key);
    Optional<String> host = smtp.optionalText("host");
    SmtpSink.Tls tls = smtp.choice("tls", SmtpSink.Tls.class, SmtpSink.Tls.STARTTLS);
    int port = smtp.number("port", port(tls), 1, MAX_PORT);
    Optional<Path> authorities = smtp.optionalPath("authorities");
    Optional<String> user = smtp.optionalText("user");
    Optional<Secret> password = smtp.optionalSecret("password");
    Optional<String> from = smtp.optionalText("from");
    List<String> to = smtp.texts("to");
    Duration timeout = smtp.timeout("timeout", Duration.ofSeconds(30));
    require(smtp, "host", isWanted && host.isEmpty());
    require(smtp, "from", isWanted && from.isEmpty());
    require(smtp, "to", isWanted && to.isEmpty());
    require(smtp, "password", user.isPresent() && password.isEmpty());
    require(smtp, "user", password.isPresent() && user.isEmpty());
    return smtp.make(
        () ->
            host.map(
                name ->
                    new SmtpSink.Settings(
                        name,
                        port,
                        tls,
                        authorities.orElse(null),
                        account(user, password),
                        from.orElseThrow(),
                        to,
                        timeout)));
  }

  private static SmtpSink.@Nullable Account account(
      Optional<String> user, Optional<Secret> password) {
    return user.isPresent() && password.isPresent()
        ? new SmtpSink.Account(user.get(), password.get())
        : null;
  }

  /** The registered ones: submission, submissions, smtp. */
  private static int port(SmtpSink.Tls tls) {
    return switch (tls) {
      case STARTTLS -> 587;
      case IMPLICIT -> 465;
      case OFF -> 25;
    };
  }

  private static Made<Optional<CommandSink.Settings>> command(ConfigSection alerts, String key) {
    boolean isWanted = alerts.has(key);
    ConfigSection command = alerts.section(key);
    List<String> argv = command.texts("argv");
    Duration timeout = command.timeout("timeout", Duration.ofSeconds(30));
    require(command, "argv", isWanted && argv.isEmpty());
    return command.make(
        () ->
            argv.isEmpty()
                ? Optional.empty()
                : Optional.of(new CommandSink.Settings(argv, timeout)));
  }

  private static void require(ConfigSection section, String key, boolean isMissing) {
    if (isMissing) {
      section.problem(key, "missing: it is required here");
    }
  }

  private static URI url(String text) {
    URI url = URI.create(text);
    boolean isWeb = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    // No client sends a user of a URL, and each message of a failure would show the password.
    if (!isWeb || url.getHost() == null || url.getRawUserInfo() != null) {
      throw new IllegalArgumentException();
    }
    return url;
  }
}
