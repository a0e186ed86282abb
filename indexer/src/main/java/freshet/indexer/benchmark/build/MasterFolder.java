package freshet.indexer.benchmark.build;

import freshet.indexer.app.Master;
import freshet.indexer.config.IndexerConfig;
import freshet.indexer.session.SessionListener;
import freshet.replicator.config.ConfigException;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A master's configuration, working folder and repository, all in one folder. */
public record MasterFolder(Path folder, CorpusTable table, Fields fields) {

  /** Makes an empty one. */
  static MasterFolder create(Path folder, CorpusTable table, Fields fields) throws IOException {
    return create(folder, table, fields, table.server().port(), "index: {folder: index}");
  }

  /**
   * Makes an empty one.
   *
   * @param port at which the database is reached
   * @param sections of the configuration: {@code index}, and whatever else there is to say
   */
  public static MasterFolder create(
      Path folder, CorpusTable table, Fields fields, int port, String sections) throws IOException {
    DurableFiles.createFolders(folder);
    MasterFolder master = new MasterFolder(folder, table, fields);
    Files.writeString(folder.resolve("password"), table.server().rootPassword());
    Files.writeString(
        master.config(),
        """
        home: %s
        source:
          endpoints: [{host: 127.0.0.1, port: %d}]
          database: %s
          user: %s
          password_file: password
          lag: {from: not_replicated}
        table:
          name: listing
          key: [{column: id, type: bigint}]
          version: {column: updated_at, type: datetime(6)}
          city: city
          tombstones:
            table: listing_deleted
            key: [id]
            version: {column: deleted_at, type: datetime(6)}
            kept_for: 7d
        %s%s
        repository: {folder: repository}
        quarantine: {file: quarantine.jsonl}
        """
            .formatted(
                folder,
                port,
                table.database(),
                table.server().rootUser(),
                fields.section(),
                sections.strip()));
    return master;
  }

  /** The configuration file. */
  public Path config() {
    return folder.resolve("indexer.yaml");
  }

  /** There as soon as something is published. */
  Path latest() {
    return repository().layout().latest();
  }

  /** What it publishes to. */
  public LocalRepository repository() {
    return new LocalRepository(new RepositoryLayout(folder.resolve("repository")));
  }

  /** Reads the configuration. */
  public IndexerConfig read() throws ConfigException {
    return IndexerConfig.read(config(), Map.of());
  }

  /** Opens it in this process. */
  public Master open(Time time) throws Exception {
    return Master.open(config(), read(), "benchmark", SessionListener.NONE, time, new StopSignal());
  }

  void delete() throws IOException {
    DurableFiles.deleteTree(folder);
  }
}
