package freshet.indexer.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import freshet.indexer.connect.Endpoint;
import freshet.indexer.connect.FaultyProxy;
import freshet.indexer.connect.FaultyProxy.Fault;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.embedded.DatabaseServer;
import freshet.indexer.embedded.ReplicationPair;
import freshet.indexer.embedded.ServerOptions;
import freshet.indexer.embedded.Signals;
import freshet.indexer.embedded.TestFlavor;
import freshet.indexer.session.LagSource;
import freshet.indexer.session.Silence;
import freshet.indexer.session.Timeouts;
import freshet.indexer.source.Listings;
import freshet.replicator.command.Json;
import freshet.replicator.runtime.Count;
import freshet.replicator.runtime.SystemTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the doctor says of real servers that are well, and of such that are not. */
@Timeout(120)
class DoctorIT {
  /** What a slow machine may bring about by itself. */
  private static final List<Ailment> BY_CHANCE =
      List.of(
          Ailment.NAME_SLOW,
          Ailment.TCP_SLOW,
          Ailment.GREETING_SLOW,
          Ailment.AUTHENTICATION_SLOW,
          Ailment.HOST_LIMITS,
          Ailment.ABORTED);

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  private Listings listings;

  @BeforeEach
  void start() throws Exception {
    listings = Listings.create(database, 6);
    try (Connection root = database.source()) {
      Listings.execute(root, "ALTER TABLE listing MODIFY updated_at DATETIME(6) NOT NULL");
    }
  }

  private Report examine(int samples, Endpoint endpoint) throws InterruptedException {
    return examine(listings, samples, endpoint);
  }

  private static Report examine(Listings of, int samples, Endpoint endpoint)
      throws InterruptedException {
    List<String> said = new ArrayList<>();
    Report report =
        new Doctor(of.options(List.of(endpoint)), Listings.SCHEMA, new SystemTime(), new Random(1))
            .examine(samples, said::add);
    assertThat(said).containsExactly(endpoint + ": connecting " + Count.of(samples, "time"));
    return report;
  }

  private static List<DoctorFinding> telling(Report report) {
    return report.findings().stream()
        .filter(finding -> !BY_CHANCE.contains(finding.ailment()))
        .toList();
  }

  @Test
  void healthyReplicaHasNoFinding() throws Exception {
    listings.lag = new LagSource.ReplicaStatus();
    database.awaitReplica();
    Report report = examine(5, Listings.endpoint(database.pair().replica()));
    assertThat(telling(report)).isEmpty();
    Report.OfEndpoint of = report.endpoints().getFirst();
    assertThat(of.samples().tried()).isEqualTo(5);
    assertThat(of.samples().failures()).isEmpty();
    ServerFacts server = of.server();
    assertThat(server).isNotNull();
    assertThat(server.replication()).containsEntry("replica_sql_running", "Yes");
    assertThat(server.grants()).anyMatch(grant -> grant.contains("SELECT"));
    assertThat(String.join("\n", server.grants())).doesNotContain("PASSWORD");
    assertThat(server.variables()).containsKeys("version", "max_connections", "back_log");
    // What is saved is what is read again.
    assertThat(Json.parse(Json.pretty(report), Report.class)).isEqualTo(report);
    assertThat(DoctorText.of(report))
        .anyMatch(line -> line.contains("5 of 5 connects made"))
        .anyMatch(line -> line.startsWith("greeting"))
        .allMatch(line -> line.length() < 1_000);
  }

  @Test
  void stoppedApplierIsAFindingOfReplication() throws Exception {
    listings.lag = new LagSource.ReplicaStatus();
    database.awaitReplica();
    database.pair().stopSqlThread();
    try {
      Report report = examine(1, Listings.endpoint(database.pair().replica()));
      assertThat(telling(report))
          .anySatisfy(
              finding -> {
                assertThat(finding.party()).isEqualTo(Party.REPLICATION);
                assertThat(finding.evidence()).contains("applying: No");
              });
    } finally {
      database.pair().startSqlThread();
    }
  }

  private static final String REVOKE_STATUS =
      "REVOKE /*M! REPLICA MONITOR */ /*!80000 REPLICATION CLIENT */ ON *.* FROM"
          + " 'freshet'@'127.0.0.1'";

  /** Runs what the findings of a replica say next, and returns how many there were. */
  private int putRight(Endpoint endpoint) throws Exception {
    List<DoctorFinding> found = telling(examine(1, endpoint));
    try (Connection root = database.source()) {
      for (DoctorFinding finding : found) {
        assertThat(finding.party()).isEqualTo(Party.CONFIGURATION);
        assertThat(finding.evidence()).contains("denied");
        assertThat(finding.next()).startsWith("GRANT ");
        Listings.execute(root, finding.next());
      }
    }
    database.awaitReplica();
    return found.size();
  }

  @Test
  void grantsThatTheLagNeedsAreNamed() throws Exception {
    boolean isMySql = TestFlavor.chosen() == TestFlavor.MYSQL;
    listings.lag = new LagSource.ReplicaStatus();
    try (Connection root = database.source()) {
      Listings.execute(root, REVOKE_STATUS);
      for (String table : isMySql ? Silence.TABLES : List.<String>of()) {
        Listings.execute(
            root,
            "REVOKE SELECT ON performance_schema.%s FROM 'freshet'@'127.0.0.1'".formatted(table));
      }
    }
    database.awaitReplica();
    Endpoint replica = Listings.endpoint(database.pair().replica());
    assertThat(putRight(replica)).isEqualTo(isMySql ? 3 : 1);
    assertThat(telling(examine(1, replica))).isEmpty();
  }

  /** MariaDB tells it with the replica's status. */
  @Test
  void replicaThatDoesNotRecordSilenceIsToldOf() throws Exception {
    assumeTrue(TestFlavor.chosen() == TestFlavor.MYSQL);
    try (ReplicationPair pair =
        ReplicationPair.start(
            TestFlavor.chosen()::start,
            ServerOptions.temporary(8),
            ServerOptions.temporary(9).withReadOnly().withConfiguration("performance_schema=OFF"),
            new SystemTime())) {
      Listings other;
      try (Connection root = pair.source().connectAsRoot()) {
        Listings.execute(root, "CREATE DATABASE shop", "USE shop");
        other = Listings.create(root, "shop", 6);
        Listings.execute(root, "ALTER TABLE listing MODIFY updated_at DATETIME(6) NOT NULL");
      }
      other.lag = new LagSource.ReplicaStatus();
      pair.awaitCaughtUp(Duration.ofSeconds(20));
      assertThat(telling(examine(other, 1, Listings.endpoint(pair.replica()))))
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.evidence()).contains("performance_schema is OFF");
                assertThat(finding.next()).contains("performance_schema=ON");
              });
    }
  }

  /** Polls do without it, where a heartbeat or nothing tells the lag. */
  @Test
  void whatTheDoctorMayNotSeeIsSaid() throws Exception {
    try (Connection root = database.source()) {
      Listings.execute(root, REVOKE_STATUS);
    }
    Endpoint source = Listings.endpoint(database.pair().source());
    assertThat(telling(examine(1, source)))
        .extracting(DoctorFinding::ailment)
        .containsExactly(Ailment.UNSEEN);
    assertThat(putRight(source)).isEqualTo(1);
    assertThat(telling(examine(1, source))).isEmpty();
  }

  @Test
  void lateGreetingIsTheServers() throws Exception {
    try (LateProxy late = new LateProxy(database.pair().source().port(), Duration.ofMillis(400))) {
      Report report = examine(3, late.endpoint());
      assertThat(report.findings())
          .filteredOn(finding -> finding.ailment() == Ailment.GREETING_SLOW)
          .singleElement()
          .satisfies(finding -> assertThat(finding.party()).isEqualTo(Party.SERVER));
    }
  }

  @Test
  void connectsThatAreCutAreCountedAndTheOthersMeasured() throws Exception {
    try (FaultyProxy proxy = new FaultyProxy(database.pair().source().port())) {
      // The first connect asks for counters; of the ones that are measured, none is spared.
      proxy.spoil(Fault.CUT, 0, 2);
      Report report = examine(4, proxy.endpoint());
      Samples samples = report.endpoints().getFirst().samples();
      assertThat(samples.tried()).isEqualTo(4);
      assertThat(samples.failed()).isEqualTo(1);
      assertThat(report.findings())
          .anySatisfy(
              finding -> {
                assertThat(finding.heading()).isEqualTo("HandshakeLost");
                assertThat(finding.party()).isEqualTo(Party.NETWORK);
                assertThat(finding.evidence()).startsWith("1 of 4");
              });
    }
  }

  @Test
  void wrongPasswordIsAFindingAndTriedThreeTimesOnly() throws Exception {
    listings.password = "wrong";
    Report report = examine(20, Listings.endpoint(database.pair().source()));
    assertThat(report.endpoints().getFirst().samples().tried()).isEqualTo(3);
    assertThat(telling(report))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.party()).isEqualTo(Party.CONFIGURATION);
              assertThat(finding.heading()).isEqualTo("AccessDenied");
            });
  }

  @Test
  void pausedServerAndCrowdedServer() throws Exception {
    try (DatabaseServer server =
        TestFlavor.chosen()
            .start(
                ServerOptions.temporary(8).withConfiguration("max_connections=20"),
                new SystemTime())) {
      Listings other;
      try (Connection root = server.connectAsRoot()) {
        Listings.execute(root, "CREATE DATABASE shop", "USE shop");
        other = Listings.create(root, "shop", 6);
      }
      List<Connection> crowd = new ArrayList<>();
      for (int i = 0; i < 17; i++) {
        crowd.add(server.connectAsRoot());
      }
      assertThat(telling(examine(other, 2, Listings.endpoint(server))))
          .anySatisfy(finding -> assertThat(finding.ailment()).isEqualTo(Ailment.CONNECTIONS_USED));
      for (Connection one : crowd) {
        one.close();
      }
      other.timeouts =
          new Timeouts(
              Duration.ofMillis(500),
              Duration.ofMillis(700),
              Duration.ofSeconds(1),
              Duration.ofSeconds(1),
              Duration.ofSeconds(10));
      Signals.send("STOP", server.process());
      try {
        Report report = examine(other, 20, Listings.endpoint(server));
        assertThat(report.endpoints().getFirst().server()).isNull();
        assertThat(telling(report))
            .singleElement()
            .satisfies(
                finding -> {
                  assertThat(finding.heading()).isEqualTo("HandshakeTimedOut");
                  assertThat(finding.party()).isEqualTo(Party.SERVER);
                  assertThat(finding.evidence()).contains("3 of 3, the other 17 were not tried");
                });
      } finally {
        Signals.send("CONT", server.process());
      }
    }
  }

  @Test
  void hostIsReadFromItsFiles(@TempDir Path root) throws Exception {
    write(
        root.resolve("proc/self/limits"),
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max open files            1024                 4096                 files
        Max core file size        0                    unlimited            bytes
        """);
    write(root.resolve("proc/sys/net/ipv4/tcp_syn_retries"), "6\n");
    write(root.resolve("proc/sys/net/ipv4/ip_local_port_range"), "32768\t60999\n");
    write(
        root.resolve("etc/resolv.conf"),
        "# made by hand\nnameserver 192.0.2.1\nnameserver 192.0.2.2\noptions ndots:5\n");
    HostFacts host = new HostProbe(root).look();
    assertThat(host.limits())
        .containsEntry("Max open files", "1024 4096")
        .containsEntry("Max core file size", "0 unlimited");
    assertThat(host.tcp())
        .containsEntry("ipv4/tcp_syn_retries", "6")
        .containsEntry("ipv4/ip_local_port_range", "32768 60999");
    assertThat(host.resolver())
        .containsEntry("nameserver", "192.0.2.1, 192.0.2.2")
        .containsEntry("options", "ndots:5");
    assertThat(host.system()).containsKeys("kernel", "jdk", "processors");
  }

  private static void write(Path file, String text) throws Exception {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
