package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.embedded.DatabaseServer;
import freshet.indexer.embedded.ServerOptions;
import freshet.indexer.embedded.TestFlavor;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.sink.Receiver;
import freshet.replicator.tls.TestCertificate;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database whose certificate ends in 29 days, and a master that verifies it. */
class DatabaseCertificateIT {
  @TempDir private Path folder;

  @Test
  void theEndOfTheDatabasesCertificateIsTold() throws Exception {
    TestCertificate certificate =
        TestCertificate.of(folder, "database", "RSA", "ip:127.0.0.1", "-1d");
    try (DatabaseServer server =
            TestFlavor.chosen()
                .start(
                    ServerOptions.temporary(1)
                        .withConfiguration(
                            "ssl_cert=" + certificate.certificate(),
                            "ssl_key=" + certificate.key()),
                    new SystemTime());
        Receiver receiver = new Receiver()) {
      try (Connection root = server.connectAsRoot();
          Statement statement = root.createStatement()) {
        statement.execute("CREATE DATABASE shop");
        statement.execute(
            """
            CREATE TABLE shop.listing (
              id BIGINT NOT NULL PRIMARY KEY, city VARCHAR(100) NOT NULL, title VARCHAR(200),
              updated_at DATETIME(6) NOT NULL, KEY by_version (updated_at, id))""");
      }
      Path config =
          Files.writeString(
              folder.resolve("indexer.yaml"),
              """
              source:
                endpoints: [{host: 127.0.0.1, port: %d}]
                database: shop
                user: %s
                password: "%s"
                lag: {from: not_replicated}
                tls: {mode: verify_ca, ca_file: "%s"}
              table:
                name: listing
                key: [{column: id, type: bigint}]
                version: {column: updated_at, type: datetime(6)}
                city: city
              fields: [{name: title, type: text}]
              alerts: {log: false, pending_for: 0s, webhook: {url: "%s"}}
              """
                  .formatted(
                      server.port(),
                      server.rootUser(),
                      server.rootPassword(),
                      certificate.certificate(),
                      receiver.uri("/hook")));
      StringWriter talk = new StringWriter();

      int exit = IndexerMain.run(new PrintWriter(talk), "build", "--config", config.toString());

      assertThat(exit).as(talk.toString()).isZero();
      assertThat(receiver.take().body())
          .contains(
              "\"cause\":\"certificate-ends\"",
              "the certificate of CN=database in ",
              "(the first of 2)",
              "\"the handshake of 127.0.0.1:%d\"".formatted(server.port()));
    }
  }
}
