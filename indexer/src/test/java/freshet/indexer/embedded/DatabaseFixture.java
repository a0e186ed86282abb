package freshet.indexer.embedded;

import freshet.replicator.runtime.SystemTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;

/**
 * A source and a replica for tests, shared by all test classes of a JVM, with an empty database of
 * the test's own. Registered in a static field, the database lasts for the class; in an instance
 * field, for one test:
 *
 * <pre>{@code
 * @RegisterExtension static final DatabaseFixture database = new DatabaseFixture();
 * }</pre>
 *
 * The servers start when the first test needs them, and close with the launcher session, or with
 * the JVM if the session is cut short. Tests that stop or pause a server need servers of their own
 * ({@link TestFlavor}).
 */
public final class DatabaseFixture
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

  private @Nullable ReplicationPair pair;
  private @Nullable String schema;
  private boolean isOfClass;

  @Override
  public void beforeAll(ExtensionContext context) throws SQLException {
    isOfClass = true;
    createSchema(context);
  }

  @Override
  public void beforeEach(ExtensionContext context) throws SQLException {
    if (!isOfClass) {
      createSchema(context);
    }
  }

  @Override
  public void afterEach(ExtensionContext context) throws SQLException {
    if (!isOfClass) {
      dropSchema();
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws SQLException {
    dropSchema();
  }

  private void createSchema(ExtensionContext context) throws SQLException {
    pair =
        context
            .getStore(StoreScope.LAUNCHER_SESSION, Namespace.create(DatabaseFixture.class))
            .getOrComputeIfAbsent(
                "pair",
                key -> ReplicationPair.start(TestFlavor.chosen()::start, new SystemTime()),
                ReplicationPair.class);
    String unique = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    schema = "t_" + context.getRequiredTestClass().getSimpleName().toLowerCase() + "_" + unique;
    run("CREATE DATABASE " + schema);
    awaitReplica();
  }

  private void dropSchema() throws SQLException {
    run("DROP DATABASE IF EXISTS " + schema());
  }

  private void run(String sql) throws SQLException {
    try (Connection root = pair().source().connectAsRoot();
        Statement statement = root.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Both servers, for urls, accounts and for stopping the replica's applier. */
  public ReplicationPair pair() {
    if (pair == null) {
      throw new IllegalStateException("the fixture must be registered with @RegisterExtension");
    }
    return pair;
  }

  /** The name of the test's database. */
  public String schema() {
    if (schema == null) {
      throw new IllegalStateException("the fixture must be registered with @RegisterExtension");
    }
    return schema;
  }

  /** A new connection as root to the test's database on the source; the test closes it. */
  public Connection source() throws SQLException {
    return connect(pair().source());
  }

  /** A new connection as root to the test's database on the replica; the test closes it. */
  public Connection replica() throws SQLException {
    return connect(pair().replica());
  }

  private Connection connect(DatabaseServer server) throws SQLException {
    return server.connect(server.rootUser(), server.rootPassword(), schema());
  }

  /** Waits until the replica has executed all that the source has committed. */
  public void awaitReplica() {
    pair().awaitCaughtUp(LONGEST_WAIT);
  }
}
