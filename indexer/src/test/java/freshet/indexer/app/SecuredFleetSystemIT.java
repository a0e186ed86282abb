package freshet.indexer.app;

import static freshet.indexer.app.ListingMaster.PRICE;
import static freshet.indexer.app.ListingMaster.TITLE;
import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.app.Nodes.Run;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.replicator.http.HttpAnswer;
import freshet.replicator.http.HttpOptions;
import freshet.replicator.http.HttpSecurity;
import freshet.replicator.http.HttpServer;
import freshet.replicator.http.Route;
import freshet.replicator.runtime.ManualTime;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.tls.TestCertificate;
import freshet.replicator.tls.TlsContexts;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A master behind TLS and a token, slaves that may pull from it, and slaves that may not. */
@Timeout(300)
class SecuredFleetSystemIT {
  private static final String TOKEN = "the-right-token";
  private static final String WRONG = "another-token";

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  @TempDir Path folder;

  private Nodes nodes;
  private ListingMaster listings;
  private TestCertificate own;
  private Path token;

  @BeforeEach
  void aMasterThatKnowsWhoAsks() throws Exception {
    nodes = new Nodes(folder);
    listings = new ListingMaster(database, folder);
    listings.createTables();
    for (int id = 1; id <= 20; id++) {
      listings.insert(id);
    }
    own = TestCertificate.of(folder, "own");
    token = Files.writeString(folder.resolve("token"), TOKEN + "\n");
    listings.configure(
        TITLE + ", " + PRICE,
        "",
        """
        server:
          listen: "127.0.0.1:0"
          tls: {certificate: "%s", key: "%s"}
          token_file: "%s"
        """
            .formatted(own.certificate(), own.key(), token));
  }

  @AfterEach
  void end() throws Exception {
    nodes.killAll();
  }

  @Test
  void whoMayNotPullIsToldWhyAndTheOthersGoOn() throws Exception {
    URI master = nodes.startMaster(listings);
    assertThat(master.getScheme()).isEqualTo("https");
    Path shown = Files.writeString(folder.resolve("shown"), WRONG);
    nodes.startSlave("known", remote(master, token, own.certificate()));
    nodes.startSlave("mistaken", remote(master, shown, own.certificate()));
    nodes.startSlave("stranger", "url: \"%s\", token_file: \"%s\"".formatted(master, token));

    nodes.await("the one that may pull does", () -> nodes.found("known") == 20);
    expectAlert("mistaken", "HTTP 401", "does not know the token that was shown");
    expectAlert("stranger", "no TLS with this server", "PKIX path building failed");
    for (String outside : List.of("mistaken", "stranger")) {
      assertThat(nodes.ask(outside, "readyz").statusCode()).isEqualTo(503);
      assertThat(nodes.found(outside)).isNegative();
    }

    listings.insert(21);
    listings.delete(1);
    listings.sql("UPDATE listing SET title = 'changed' WHERE id = 2");
    nodes.await(
        "it follows",
        () -> nodes.contents("known").equals(listings.table()) && nodes.found("known") == 20);
    nodes.await("it reports", () -> fleet().contains("slave known serves " + latest()));
    assertThat(fleet())
        .containsPattern("slave known serves .* ms old at most, 5 cities; .* free; ")
        .doesNotContain("mistaken", "stranger");

    Files.writeString(shown, TOKEN);
    nodes.kill("mistaken");
    nodes.startSlave("mistaken", remote(master, shown, own.certificate()));
    nodes.await("the right token opens", () -> nodes.found("mistaken") == 20);
    for (String node : List.of("master", "known", "mistaken", "stranger")) {
      assertThat(nodes.log(node)).as(node).doesNotContain(TOKEN, WRONG);
    }
  }

  @Test
  void aCertificateThatHasEndedOrIsOfAnotherHostIsNamed() throws Exception {
    TestCertificate ended =
        TestCertificate.of(folder, "ended", "EC", "ip:127.0.0.1,dns:localhost", "-60d");
    TestCertificate elsewhere =
        TestCertificate.of(folder, "elsewhere", "EC", "dns:elsewhere.example", "-1d");
    Time now = new SystemTime();
    Time then = new ManualTime(now.now().minus(Duration.ofDays(45)));
    assertThat(pullFrom(ended, then)).contains("validity check failed");
    assertThat(pullFrom(elsewhere, now)).contains("No subject alternative names matching");

    listings.configure(
        TITLE + ", " + PRICE,
        "",
        "server: {listen: \"127.0.0.1:0\", tls: {certificate: \"%s\", key: \"%s\"}}"
            .formatted(ended.certificate(), ended.key()));
    ListingMaster.Run checked = listings.indexer("check-config", "--offline");
    assertThat(checked.exitCode()).isPositive();
    assertThat(checked.out() + checked.err())
        .contains(ended.certificate().toString(), "renew the certificate");
  }

  /** What {@code bin/replicator pull} says of a server with this certificate, which it trusts. */
  private String pullFrom(TestCertificate certificate, Time serversTime) throws Exception {
    List<Route> routes = List.of(Route.get("/LATEST", request -> HttpAnswer.text(404, "nothing")));
    HttpSecurity security =
        new HttpSecurity(
            TlsContexts.server(certificate.certificate(), certificate.key(), serversTime), null);
    try (HttpServer server =
        HttpServer.start(
            HttpOptions.at("127.0.0.1", 0), security, routes, new SystemTime(), "test")) {
      Path config =
          Files.writeString(
              folder.resolve("pull.yaml"),
              "remote: {%s}%nstore: {folder: pulled}%n"
                  .formatted(remote(server.uri(), token, certificate.certificate())));
      Run run = nodes.replicator("pull", "--config", config.toString());
      assertThat(run.exitCode()).as(run.err()).isEqualTo(69);
      assertThat(run.err()).contains("no TLS with this server", "remote.tls.authorities");
      return run.err();
    }
  }

  private void expectAlert(String slave, String... cause) throws Exception {
    nodes.await(
        slave + " says why",
        () ->
            List.of(cause).stream()
                .allMatch(nodes.status(slave).path("waitsFor").asText()::contains));
    nodes.await(
        slave + " alerts",
        () ->
            nodes
                .log(slave)
                .lines()
                .filter(line -> line.contains("ALERT"))
                .anyMatch(line -> List.of(cause).stream().allMatch(line::contains)));
  }

  private String fleet() {
    return listings.indexer("status").out();
  }

  private String latest() throws Exception {
    return listings.snapshot().generation().toString();
  }

  private static String remote(URI url, Path token, Path authorities) {
    return "url: \"%s\", token_file: \"%s\", tls: {authorities: \"%s\"}"
        .formatted(url, token, authorities);
  }
}
