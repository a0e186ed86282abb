package freshet.replicator.app;

import freshet.replicator.host.FolderAccess;
import freshet.replicator.host.HostCheck;
import freshet.replicator.host.HostFinding;
import freshet.replicator.host.HostNeeds;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a slave needs of its host. */
final class SlaveHost {
  private static final Logger LOG = LoggerFactory.getLogger(SlaveHost.class);

  /** The one that is served and the one that is being switched to. */
  private static final int OPEN_SNAPSHOTS = 2;

  private SlaveHost() {}

  /** What of this host is less than what is needed, and whether the store can be written to. */
  static List<HostFinding> findings(ReplicatorConfig config) {
    Path store = config.store().folder();
    List<HostFinding> findings = new ArrayList<>(FolderAccess.findings(store));
    findings.addAll(HostCheck.check(store, store, needs(config)));
    return findings;
  }

  /** By the cities that were pulled last: the first pull brings more. */
  static HostNeeds needs(ReplicatorConfig config) {
    return new HostNeeds(
        cities(config),
        OPEN_SNAPSHOTS,
        0,
        config.server().maxConnections(),
        Runtime.getRuntime().maxMemory());
  }

  private static int cities(ReplicatorConfig config) {
    try {
      return new LocalRepository(new RepositoryLayout(config.store().folder()))
          .latestSnapshot()
          .map(snapshot -> snapshot.cities().size())
          .orElse(0);
    } catch (IOException e) {
      LOG.warn("the store is damaged, its cities are not counted: {}", e.toString());
      return 0;
    }
  }
}
