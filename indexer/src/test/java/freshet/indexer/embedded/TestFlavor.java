package freshet.indexer.embedded;

import freshet.replicator.runtime.Time;

/** The flavor that the tests of this run use: system property {@code freshet.test.database}. */
public enum TestFlavor {
  MARIADB,
  MYSQL;

  /** MariaDB unless the property says otherwise. */
  public static TestFlavor chosen() {
    String name = System.getProperty("freshet.test.database", "mariadb");
    return switch (name) {
      case "mariadb" -> MARIADB;
      case "mysql" -> MYSQL;
      default ->
          throw new IllegalArgumentException(
              "freshet.test.database is " + name + ", expected mariadb or mysql");
    };
  }

  /** Starts a server of this flavor. */
  public DatabaseServer start(ServerOptions options, Time time) {
    return switch (this) {
      case MARIADB -> EmbeddedMariaDb.start(options, time);
      case MYSQL -> EmbeddedMySql.start(options, time);
    };
  }
}
