package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import freshet.indexer.connect.FaultyProxy;
import freshet.indexer.connect.FaultyProxy.Fault;
import freshet.indexer.connect.FaultyProxy.Sender;
import freshet.indexer.embedded.FreePorts;
import freshet.indexer.embedded.GrantsFile;
import freshet.indexer.embedded.ReplicationPair;
import freshet.indexer.embedded.TestFlavor;
import freshet.replicator.command.Json;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.sink.Receiver;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A source and its replica, a master that polls the replica, and two slaves, each a process of its
 * own: one is near, on a small disk if that can be had, the other one far, behind a proxy. Rows of
 * all cities but one keep changing. All three nodes tell one webhook what is wrong.
 */
final class WatchedFleet {
  /** How old what is served may be: less than the deadlines for a database that is silent. */
  static final Duration LIMIT = Duration.ofSeconds(20);

  /** How often each node looks. */
  static final Duration CHECK = Duration.ofSeconds(5);

  static final String NEAR = "near";
  static final String FAR = "far";

  static final City ONE_OF_MANY = new City("city07");

  private static final int CITIES = 40;
  private static final int ROWS = 3 * CITIES;
  private static final int QUIET_ROWS = 20;
  private static final String SCHEMA = "drill";
  private static final String PASSWORD = "only-for-tests";
  private static final Duration WRITING = Duration.ofMillis(200);
  private static final Duration LONGEST_CATCH_UP = Duration.ofSeconds(30);
  private static final Time TIME = new SystemTime();

  private static final String WATCHED =
      """
      freshness: {limit: %ds}
      alerts: {pending_for: 8s, clear_for: 3s, flap_window: 3s, webhook: {url: "%s"}}
      """;

  private final Path folder;
  private final ReplicationPair pair;
  private final Receiver receiver = new Receiver();
  private final Mounts mounts = new Mounts();
  private final Nodes nodes;
  private final FaultyProxy network;
  private final Thread writer;
  private final boolean canMount;
  private volatile boolean isWriting = true;

  /** Whoever was told of something. */
  record Told(String event, String where, String cause, String stage, JsonNode incident) {}

  private WatchedFleet(Path folder) throws Exception {
    this.folder = folder;
    this.nodes = new Nodes(folder);
    this.canMount = Mounts.isAllowed(folder.resolve("scratch"));
    this.pair = ReplicationPair.start(TestFlavor.chosen()::start, TIME);
    this.writer = Thread.ofVirtual().unstarted(this::write);
    int port = FreePorts.find();
    this.network = new FaultyProxy(port);
    try {
      createTable();
      configureMaster(port);
      if (canMount) {
        mounts.small(folder.resolve(NEAR));
      }
      writer.start();
      nodes.startMaster(folder.resolve("indexer.yaml"));
      nodes.await("the master publishes", () -> repository().latest().isPresent());
      startSlave(NEAR, "http://127.0.0.1:" + port);
      startSlave(FAR, "http://" + network.endpoint());
      nodes.await(
          "slaves serve", () -> nodes.served(NEAR).isPresent() && nodes.served(FAR).isPresent());
    } catch (Exception | AssertionError e) {
      close();
      throw e;
    }
  }

  static WatchedFleet start(Path folder) throws Exception {
    return new WatchedFleet(folder);
  }

  ReplicationPair pair() {
    return pair;
  }

  Nodes nodes() {
    return nodes;
  }

  Mounts mounts() {
    return mounts;
  }

  /** Whether there are file systems that tests can fill and write-protect. */
  boolean canMount() {
    return canMount;
  }

  LocalRepository repository() {
    return new LocalRepository(new RepositoryLayout(folder.resolve("data/repository")));
  }

  /** The working index of a city. */
  Path working(City city) {
    return folder.resolve("data/index/cities").resolve(city.folder());
  }

  Path store(String slave) {
    return folder.resolve(slave);
  }

  void startMaster() throws IOException {
    nodes.startMaster(folder.resolve("indexer.yaml"));
  }

  /** Not a byte reaches the far slave any more, and no connection ends. */
  void cutNetwork() {
    network.spoilAll(Fault.STALL, Sender.SERVER);
  }

  void healNetwork() {
    network.heal();
  }

  /** Most rows of the quiet city vanish. */
  void loseRowsOfQuietCity() throws SQLException {
    String most = " FROM listing WHERE city = 'quiet' AND id % 4 <> 0";
    sql("INSERT INTO listing_deleted SELECT id, UTC_TIMESTAMP(6)" + most, "DELETE" + most);
  }

  /** They are there again. */
  void putBackRowsOfQuietCity() throws SQLException {
    for (int id = ROWS; id < ROWS + QUIET_ROWS; id++) {
      sql("REPLACE INTO listing VALUES (%d, 'quiet', 'back', UTC_TIMESTAMP(6))".formatted(id));
    }
  }

  /** What on-call is told next; waits for it. */
  Told take() throws Exception {
    JsonNode message = Json.parse(receiver.take().body());
    JsonNode incident = message.path("incident");
    return new Told(
        message.path("event").asText(),
        incident.path("where").asText(),
        incident.path("cause").asText(),
        incident.path("stage").asText(),
        incident);
  }

  /** How many messages came that nobody took. */
  int untaken() {
    return receiver.count();
  }

  /** Waits until what this slave serves is older than this. */
  void awaitAge(String slave, Duration age) throws Exception {
    nodes.await(
        "%s serves what is older than %s".formatted(slave, age),
        () ->
            Duration.parse(nodes.status(slave).path("age").path("oldestKnown").asText())
                    .compareTo(age)
                > 0);
  }

  /** How old what a slave serves is, cities left out that are behind by themselves. */
  Duration othersAge(String slave) throws Exception {
    JsonNode age = nodes.status(slave).path("age");
    return Duration.parse(age.path("oldestKnown").asText())
        .minus(Duration.parse(age.path("stages").path("behind").asText()));
  }

  /** Waits until no node sees anything wrong, and nobody has been told of anything else. */
  void awaitWell() throws Exception {
    for (String node : List.of("data/index", NEAR, FAR)) {
      nodes.await(
          node + " sees nothing wrong",
          () -> {
            JsonNode incidents = Json.parse(nodes.ask(node, "incidents").body()).path("incidents");
            return incidents.isArray() && incidents.isEmpty();
          });
    }
    assertThat(untaken()).isZero();
  }

  /** Ends all processes; also to be called after a failure. */
  void close() throws Exception {
    isWriting = false;
    if (writer.isAlive()) {
      writer.join();
    }
    nodes.killAll();
    mounts.close();
    network.close();
    receiver.close();
    pair.close();
  }

  private void createTable() throws Exception {
    List<String> statements = new ArrayList<>();
    statements.add("CREATE DATABASE " + SCHEMA);
    statements.add("USE " + SCHEMA);
    statements.add(
        """
        CREATE TABLE listing (
          id BIGINT NOT NULL PRIMARY KEY, city VARCHAR(100) NOT NULL, title VARCHAR(200),
          updated_at DATETIME(6) NOT NULL, KEY by_version (updated_at, id))""");
    statements.add(
        """
        CREATE TABLE listing_deleted (
          id BIGINT NOT NULL, deleted_at DATETIME(6) NOT NULL, PRIMARY KEY (deleted_at, id))""");
    statements.addAll(
        new GrantsFile("'freshet'@'127.0.0.1'", PASSWORD, SCHEMA, "listing", "listing_deleted")
            .statements(Path.of(System.getProperty("freshet.home", ".."))));
    for (int id = 0; id < ROWS + QUIET_ROWS; id++) {
      statements.add(
          "INSERT INTO listing VALUES (%d, '%s', 'new', UTC_TIMESTAMP(6))"
              .formatted(id, id < ROWS ? "city%02d".formatted(id % CITIES) : "quiet"));
    }
    try (Connection root = pair.source().connectAsRoot();
        Statement statement = root.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
    pair.awaitCaughtUp(LONGEST_CATCH_UP);
  }

  private void configureMaster(int port) throws IOException {
    Files.writeString(
        folder.resolve("indexer.yaml"),
        """
        source:
          endpoints: [{host: 127.0.0.1, port: %d}]
          database: %s
          user: freshet
          password: %s
        table:
          name: listing
          key: [{column: id, type: bigint}]
          version: {column: updated_at, type: datetime(6)}
          city: city
          tombstones:
            table: listing_deleted
            key: [id]
            version: {column: deleted_at, type: datetime(6)}
        fields: [{name: title, type: text}]
        gate: {max_drop_documents: 5}
        server: {listen: "127.0.0.1:%d", yield_to_database: false}
        %s
        """
            .formatted(pair.replica().port(), SCHEMA, PASSWORD, port, watched("master")));
  }

  private void startSlave(String name, String url) throws IOException {
    nodes.startSlave(name, "url: \"%s\"".formatted(url), watched(name));
  }

  private String watched(String node) {
    return WATCHED.formatted(LIMIT.toSeconds(), receiver.uri("/" + node));
  }

  private void write() {
    for (int id = 0; isWriting; id = (id + 1) % ROWS) {
      try {
        sql(
            "UPDATE listing SET title = CONCAT('changed ', UUID()), updated_at = UTC_TIMESTAMP(6)"
                + " WHERE id = "
                + id);
        TIME.sleep(WRITING);
      } catch (SQLException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void sql(String... statements) throws SQLException {
    try (Connection connection =
            pair.source().connect(pair.source().rootUser(), pair.source().rootPassword(), SCHEMA);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
