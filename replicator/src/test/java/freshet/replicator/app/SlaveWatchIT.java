package freshet.replicator.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.alert.AlertMonitor;
import freshet.replicator.alert.AlertSettings;
import freshet.replicator.alert.OpenIncidents;
import freshet.replicator.alert.SlaveObservation;
import freshet.replicator.alert.SlaveObservation.Kind;
import freshet.replicator.alert.SlaveObservation.PullTrouble;
import freshet.replicator.app.ReplicatorConfig.RemoteSettings;
import freshet.replicator.config.Secret;
import freshet.replicator.flight.FlightOptions;
import freshet.replicator.flight.FlightRecorder;
import freshet.replicator.freshness.Age;
import freshet.replicator.freshness.AgeReport;
import freshet.replicator.freshness.StageAges;
import freshet.replicator.http.HttpAnswer;
import freshet.replicator.http.HttpOptions;
import freshet.replicator.http.HttpSecurity;
import freshet.replicator.http.HttpServer;
import freshet.replicator.http.Route;
import freshet.replicator.http.TokenGuard;
import freshet.replicator.incident.Incident;
import freshet.replicator.incident.IncidentOptions;
import freshet.replicator.incident.Severity;
import freshet.replicator.incident.Stage;
import freshet.replicator.pause.Pause;
import freshet.replicator.remote.RemoteAccess;
import freshet.replicator.remote.RemoteOptions;
import freshet.replicator.runtime.ManualTime;
import freshet.replicator.sink.SinkSettings;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.SnapshotCodec;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A slave's watch that asks a real server what is known there. */
class SlaveWatchIT {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @TempDir private Path folder;

  private final ManualTime time = new ManualTime(NOON);
  private final AtomicInteger asked = new AtomicInteger();
  private HttpServer server;
  private FlightRecorder recorder;
  private SlaveWatch watch;
  private volatile HttpAnswer answer = open();
  private Duration age = Duration.ofSeconds(3);
  private Duration limit = LIMIT;
  private @Nullable PullTrouble trouble;
  private @Nullable Pause pause;

  @BeforeEach
  void start() throws Exception {
    server = serve(HttpSecurity.NONE);
    recorder =
        FlightRecorder.start(folder.resolve("flight"), "slave-1", FlightOptions.DEFAULT, time);
    watch = watch(RemoteIncidents.of(remote(server.uri().toString(), null), time));
  }

  @AfterEach
  void stop() {
    watch.close();
    recorder.close();
    server.close();
  }

  @Test
  void aSlaveThatIsWellAsksNobody() {
    look(120);
    assertThat(asked).hasValue(0);
    assertThat(firing()).isEmpty();
  }

  /**
   * Long before anything is told: whoever looks at its status hears that the master's cycles fail.
   */
  @Test
  void aSlaveAsksFromTenSecondsOnHoweverLargeItsLimitIs() throws Exception {
    answer = open(incident("poll-fails", Severity.CRITICAL, Set.of()));
    RemoteIncidents remote =
        RemoteIncidents.of(remote(server.uri().toString(), null), time).orElseThrow();
    limit = Duration.ofHours(1);
    try (SlaveWatch patient = watch(Optional.of(remote))) {
      age = Duration.ofSeconds(10);
      patient.look();
      assertThat(remote.last()).isNull();
      age = Duration.ofSeconds(11);
      patient.look();
      assertThat(remote.last().reference()).isEqualTo("master: poll-fails");
      assertThat(names(patient)).isEmpty();
    }
  }

  @Test
  void anAgeThatTheMasterAccountsForIsNotToldOnceMore() {
    answer = open(incident("poll-fails", Severity.CRITICAL, Set.of()));
    age = Duration.ofMinutes(5);
    look(300);
    assertThat(asked.get()).isPositive();
    assertThat(firing()).isEmpty();

    // The master's incident is over, and it is still old here: then it is this slave's.
    answer = open();
    look(5);
    assertThat(firing()).containsExactly("age-above-limit");
  }

  @Test
  void aPauseOfTheMasterAccountsForItAlthoughItIsAWarning() {
    answer = open(incident("paused", Severity.WARNING, Set.of()));
    age = Duration.ofMinutes(5);
    look(300);
    assertThat(firing()).isEmpty();
  }

  @Test
  void whatConcernsSomeCitiesOrIsAWarningAccountsForNothing() {
    answer =
        open(
            incident("cities-fail", Severity.CRITICAL, Set.of("köln")),
            incident("quarantine-grows", Severity.WARNING, Set.of()));
    age = Duration.ofMinutes(5);
    look(5);
    assertThat(firing()).containsExactly("age-above-limit");
  }

  /** What a master may answer instead. */
  enum Odd {
    NOT_FOUND,
    NO_JSON,
    ANOTHER_JSON
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerThatSaysNothingAccountsForNothing(Odd odd) {
    answer =
        switch (odd) {
          case NOT_FOUND -> HttpAnswer.text(404, "no such path");
          case NO_JSON -> HttpAnswer.text(200, "<html>");
          case ANOTHER_JSON -> HttpAnswer.text(200, "{\"incidents\":7}");
        };
    age = Duration.ofMinutes(5);
    look(5);
    assertThat(asked.get()).isPositive();
    assertThat(firing()).containsExactly("age-above-limit");
  }

  @Test
  void aMasterThatIsGoneIsToldAsTheCause() {
    server.close();
    age = Duration.ofMinutes(5);
    look(5);
    assertThat(firing()).containsExactly("remote-unreachable");
  }

  @Test
  void aMasterThatIsSilentIsNobodysBusinessWhileNothingElseIsWrong() {
    server.close();
    age = Duration.ofSeconds(20);
    look(120);
    assertThat(watch.open().incidents()).isEmpty();
  }

  @Test
  void aMasterThatIsSilentDoesNotMatterToASlaveThatIsPaused() {
    server.close();
    pause = Pause.of(null, "ann@ops-1", NOON, Duration.ofHours(1), "new disk");
    age = Duration.ofMinutes(5);
    look(120);
    assertThat(firing()).containsExactly("paused");
  }

  @Test
  void whatTheRemoteHasFromItsOwnAccountsForItToo() {
    answer =
        HttpAnswer.json(
            200,
            SnapshotCodec.write(
                new OpenIncidents(
                    "slave-0", List.of(), incident("poll-fails", Severity.CRITICAL, Set.of()))));
    age = Duration.ofMinutes(5);
    look(300);
    assertThat(firing()).isEmpty();
    assertThat(watch.open().explanation().map(Incident::reference)).contains("master: poll-fails");
  }

  @Test
  void aMasterThatNeverAnswersIsNotWaitedForForLong() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        SlaveWatch other =
            watch(
                RemoteIncidents.of(
                    remote("http://127.0.0.1:" + silent.getLocalPort(), null), time))) {
      age = Duration.ofMinutes(5);
      other.look();
      assertThat(names(other)).containsExactly("remote-unreachable");
    }
  }

  @Test
  void aSlaveThatCannotPullDoesNotAskAndTellsWhy() {
    trouble = new PullTrouble(Kind.DISK, "LowDisk", NOON, 3, "1 MB free");
    age = Duration.ofMinutes(5);
    look(5);
    assertThat(asked).hasValue(0);
    assertThat(firing()).containsExactly("disk-full");
  }

  @Test
  void aPauseIsToldInsteadOfTheAgeOnceThatIsAboveItsLimit() {
    pause = Pause.of(null, "ann@ops-1", NOON, Duration.ofHours(1), "new disk");
    for (int second = 0; second < 55; second += 5) {
      age = Duration.ofSeconds(3 + second);
      look(5);
      assertThat(firing()).isEmpty();
    }
    age = Duration.ofSeconds(61);
    look(300);
    assertThat(watch.open().firing())
        .singleElement()
        .satisfies(
            incident -> {
              assertThat(incident.cause()).isEqualTo("paused");
              assertThat(incident.severity()).isEqualTo(Severity.WARNING);
              assertThat(incident.what()).contains("ann@ops-1", "new disk", "13:00:00Z");
            });

    pause = null;
    age = Duration.ofSeconds(2);
    look(70);
    assertThat(firing()).isEmpty();
    assertThat(watch.open().incidents()).isEmpty();
  }

  @Test
  void theTokenIsShownToAServerThatWantsOne() throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "only-for-tests");
    Secret secret = Secret.ofFile(token);
    try (HttpServer guarded = serve(new HttpSecurity(null, new TokenGuard(secret::fetch, time)))) {
      answer = open(incident("poll-fails", Severity.CRITICAL, Set.of()));
      String url = guarded.uri().toString();

      RemoteIncidents shown = RemoteIncidents.of(remote(url, secret), time).orElseThrow();
      assertThat(shown.ask())
          .isInstanceOfSatisfying(
              RemoteIncidents.Explains.class,
              explains -> assertThat(explains.by().reference()).isEqualTo("master: poll-fails"));
      assertThat(shown.last().what()).isEqualTo("what");
      shown.forget();
      assertThat(shown.last()).isNull();
      assertThat(RemoteIncidents.of(remote(url, null), time).orElseThrow().ask())
          .isEqualTo(new RemoteIncidents.KnowsNothing());
    }
  }

  @Test
  void aFolderIsNotAsked() throws Exception {
    assertThat(RemoteIncidents.of(remote(folder.toString(), null), time)).isEmpty();
    assertThat(RemoteIncidents.of(remote("httpd/repository", null), time)).isEmpty();
    assertThat(RemoteIncidents.of(remote("HTTPS://master:8700", null), time)).isPresent();
  }

  private HttpServer serve(HttpSecurity security) throws Exception {
    return HttpServer.start(
        HttpOptions.at("127.0.0.1", 0),
        security,
        List.of(
            Route.get(
                "/incidents",
                unused -> {
                  asked.incrementAndGet();
                  return answer;
                })),
        time,
        "test");
  }

  private static RemoteSettings remote(String url, @Nullable Secret token) {
    Duration patience = Duration.ofSeconds(2);
    return new RemoteSettings(
        url,
        new RemoteOptions(patience, patience, patience, 1, patience, RemoteAccess.DEFAULT),
        token,
        null);
  }

  private SlaveWatch watch(Optional<RemoteIncidents> remote) throws Exception {
    SlaveWatch.Sight sight =
        new SlaveWatch.Sight() {
          @Override
          public SlaveObservation observation(Instant at) {
            return new SlaveObservation(
                at, report(), limit, null, "waits for news", trouble, pause);
          }

          @Override
          public String generation() {
            return "1-0000000007";
          }
        };
    AlertSettings settings =
        new AlertSettings(
            IncidentOptions.DEFAULT, 10, 10, new SinkSettings(false, null, null, null, null));
    return new SlaveWatch(
        "slave-1",
        sight,
        remote,
        new CertificateWatch(null, Set.of(), "bin/replicator check-config", time),
        recorder,
        new AlertMonitor(Files.createTempDirectory(folder, "alerts"), settings, List.of(), time),
        time);
  }

  private AgeReport report() {
    StageAges stages =
        new StageAges(
            Duration.ZERO,
            age,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO);
    return new AgeReport(
        new Age.Known(age), new City("berlin"), time.now().minus(age), 1, 0, age, stages, "");
  }

  private static HttpAnswer open(Incident... incidents) {
    return HttpAnswer.json(
        200, SnapshotCodec.write(new OpenIncidents("master", List.of(incidents), null)));
  }

  private static Incident incident(String cause, Severity severity, Set<String> affected) {
    return new Incident(
        "master/1",
        Incident.Phase.PENDING,
        cause,
        Stage.POLL,
        severity,
        "master",
        NOON,
        "Unreachable",
        "what",
        new TreeSet<>(affected),
        null,
        null,
        0,
        "bin/indexer doctor",
        "Unreachable");
  }

  /** Looks every five seconds, for that long. */
  private void look(int seconds) {
    for (int second = 0; second < seconds; second += 5) {
      watch.look();
      time.advance(Duration.ofSeconds(5));
    }
  }

  private List<String> firing() {
    return names(watch);
  }

  private static List<String> names(SlaveWatch watch) {
    return watch.open().firing().stream().map(Incident::cause).toList();
  }
}
