package freshet.indexer.embedded;

import java.time.Duration;
import java.util.Locale;

/** What the two flavors say differently about replication. */
enum ReplicationDialect {
  /** Follows by slave_pos: what the replica itself has executed. */
  MARIADB("Slave", "SELECT @@gtid_binlog_pos", "SELECT @@gtid_slave_pos", "SELECT ''") {
    @Override
    String follow(int port, String user, String password) {
      return """
      CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=%d, MASTER_USER='%s',
      MASTER_PASSWORD='%s', MASTER_CONNECT_RETRY=1, MASTER_HEARTBEAT_PERIOD=1,
      MASTER_SSL=0, MASTER_USE_GTID=slave_pos\
      """
          .formatted(port, user, password);
    }

    @Override
    String await(Duration longest) {
      return "SELECT MASTER_GTID_WAIT(?, %s)".formatted(seconds(longest));
    }
  },

  /** The key request is for caching_sha2_password without TLS. */
  MYSQL(
      "Replica",
      "SELECT @@gtid_executed",
      "SELECT @@gtid_executed",
      "SELECT COALESCE(GROUP_CONCAT(LAST_ERROR_MESSAGE), '')"
          + " FROM performance_schema.replication_applier_status_by_worker"
          + " WHERE LAST_ERROR_NUMBER <> 0") {
    @Override
    String follow(int port, String user, String password) {
      return """
      CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=%d, SOURCE_USER='%s',
      SOURCE_PASSWORD='%s', SOURCE_CONNECT_RETRY=1, SOURCE_HEARTBEAT_PERIOD=1,
      GET_SOURCE_PUBLIC_KEY=1, SOURCE_AUTO_POSITION=1\
      """
          .formatted(port, user, password);
    }

    @Override
    String await(Duration longest) {
      return "SELECT WAIT_FOR_EXECUTED_GTID_SET(?, %s)".formatted(seconds(longest));
    }
  };

  /** The word before _IO_Running and the like in SHOW REPLICA STATUS. */
  final String statusPrefix;

  final String sourcePosition;
  final String replicaPosition;

  /** What SHOW REPLICA STATUS leaves out where several workers apply. */
  final String workerErrors;

  ReplicationDialect(
      String statusPrefix, String sourcePosition, String replicaPosition, String workerErrors) {
    this.statusPrefix = statusPrefix;
    this.sourcePosition = sourcePosition;
    this.replicaPosition = replicaPosition;
    this.workerErrors = workerErrors;
  }

  /** The dialect of a server. */
  static ReplicationDialect of(DatabaseServer server) {
    return valueOf(server.flavor().toUpperCase(Locale.ROOT));
  }

  /** The statement that points a replica at its source. */
  abstract String follow(int port, String user, String password);

  /** A query with the position as parameter that answers 0 once it is reached. */
  abstract String await(Duration longest);

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.3f", duration.toMillis() / 1000.0);
  }
}
