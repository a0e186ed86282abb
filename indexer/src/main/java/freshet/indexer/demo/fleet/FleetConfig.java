package freshet.indexer.demo.fleet;

import freshet.indexer.demo.data.DemoDatabase;
import freshet.indexer.demo.data.DemoField;
import freshet.indexer.demo.data.DemoField.Form;
import freshet.indexer.demo.data.ListingTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

/** Writes the daemons' configurations. The password is in a file of its own, as it should be. */
final class FleetConfig {
  private final Path folder;

  /** For configurations in this folder. */
  FleetConfig(Path folder) {
    this.folder = folder;
  }

  /** The master's configuration. */
  Path master(DemoDatabase database, Path data, int port) throws IOException {
    Path password = folder.resolve("db-password");
    if (!Files.exists(password)) {
      Files.createFile(
          password,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.writeString(password, database.readerPassword());
    String text =
        """
        home: %1$s
        source:
          endpoints:
            - {host: 127.0.0.1, port: %2$d}
          database: %3$s
          user: %4$s
          password_file: %5$s
          lag: {from: heartbeat, table: %6$s, column: beat_at}
        table:
          name: %7$s
          key:
            - {column: id, type: bigint}
          version: {column: updated_at, type: datetime(6)}
          city: city
          tombstones:
            table: %8$s
            key: [id]
            version: {column: deleted_at, type: datetime(6)}
            kept_for: 7d
        fields:
        %9$s\
        default_fields: [title, body]
        index: {folder: index}
        repository: {folder: repository, keep_for: 2m}
        schedule: {build: "* * * * * ?"}
        server: {listen: "127.0.0.1:%10$d"}
        quarantine: {file: quarantine.jsonl}
        """
            .formatted(
                quoted(data),
                database.replicaPort(),
                ListingTable.DATABASE,
                DemoDatabase.READER,
                quoted(password),
                ListingTable.HEARTBEAT,
                ListingTable.LISTINGS,
                ListingTable.DELETED,
                fields(),
                port);
    return Files.writeString(folder.resolve("master.yaml"), text);
  }

  private static String fields() {
    StringBuilder lines = new StringBuilder();
    for (DemoField field : DemoField.ALL) {
      lines.append("  - {name: ").append(field.name()).append(", type: ").append(type(field));
      if (field.form() == Form.POINT) {
        lines.append(", latitude: ").append(field.columns().get(0));
        lines.append(", longitude: ").append(field.columns().get(1));
      } else {
        lines.append(", column: ").append(field.columns().get(0));
      }
      switch (field.form()) {
        case TEXT -> lines.append(", analyzer: english");
        case LONG, DOUBLE, DATE -> lines.append(", sortable: true");
        case KEYWORD, POINT -> {}
      }
      lines.append("}\n");
    }
    return lines.toString();
  }

  private static String type(DemoField field) {
    return field.form() == Form.POINT ? "geo_point" : field.form().name().toLowerCase(Locale.ROOT);
  }

  /** A slave's configuration. */
  Path slave(String name, Path data, int masterPort, int port) throws IOException {
    String text =
        """
        home: %1$s
        name: %2$s
        remote: {url: "http://127.0.0.1:%3$d"}
        store: {folder: store, disk_reserve: 16MB}
        schedule: {pull: "0/5 * * * * ?"}
        server: {listen: "127.0.0.1:%4$d"}
        freshness: {canary: {id: %5$d, every: %6$ds}}
        """
            .formatted(
                quoted(data),
                name,
                masterPort,
                port,
                ListingTable.CANARY,
                ListingTable.CANARY_EVERY.toSeconds());
    return Files.writeString(folder.resolve(name + ".yaml"), text);
  }

  /** As YAML in single quotes, where nothing but the quote is special. */
  private static String quoted(Path path) {
    return "'" + path.toAbsolutePath().toString().replace("'", "''") + "'";
  }
}
