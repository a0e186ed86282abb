package freshet.indexer.app;

import freshet.indexer.config.IndexerConfig;
import freshet.replicator.app.HostGate;
import freshet.replicator.command.CommandException;
import freshet.replicator.config.ConfigException;
import freshet.replicator.host.FolderAccess;
import freshet.replicator.host.HostCheck;
import freshet.replicator.host.HostFinding;
import freshet.replicator.host.HostNeeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a master needs of its host. */
final class Host {
  private Host() {}

  /** What of this host is less than what is needed, and which folders can't be written to. */
  static List<HostFinding> findings(IndexerConfig config) {
    List<HostFinding> findings = new ArrayList<>(FolderAccess.findings(folders(config)));
    findings.addAll(HostCheck.check(config.work(), config.repository().folder(), needs(config)));
    return findings;
  }

  /**
   * The configuration of a verb that writes.
   *
   * @throws CommandException if its folders are not this account's to write to
   */
  static IndexerConfig toWrite(Path file) throws ConfigException, CommandException {
    IndexerConfig config = IndexerConfig.read(file, System.getenv());
    HostGate.writes(folders(config));
    return config;
  }

  private static Path[] folders(IndexerConfig config) {
    return new Path[] {config.work(), config.repository().folder()};
  }

  /** By the cities that there are: a first build makes more. */
  static HostNeeds needs(IndexerConfig config) {
    int writers = config.build().maxOpenCities();
    return new HostNeeds(
        cities(Master.citiesFolder(config)),
        1,
        writers,
        config.server().maxConnections(),
        Runtime.getRuntime().maxMemory());
  }

  private static int cities(Path folder) {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    try (Stream<Path> cities = Files.list(folder)) {
      return (int) cities.filter(Files::isDirectory).count();
    } catch (IOException e) {
      throw new UncheckedIOException("the cities in " + folder + " can't be counted", e);
    }
  }
}
