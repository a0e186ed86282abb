package freshet.replicator.app;

import freshet.replicator.command.Json;
import freshet.replicator.files.ProcessLock;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.repository.RepositoryLock;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.Generation;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A snapshot that is to be kept, or no longer. */
final class PinOptions {
  @Mixin private RepositoryOptions repository = new RepositoryOptions();

  @Parameters(paramLabel = "GENERATION", description = "As snapshots list shows it.")
  private String name = "";

  @Option(names = "--dry-run", description = "Say what would be done, and do nothing.")
  private boolean isDry;

  @Option(names = "--json", description = "Print what was done as JSON.")
  private boolean isJson;

  /**
   * Pins or unpins. Under the repository's lock, so that what is found there is not collected
   * before it is pinned.
   *
   * @return what to print
   */
  String pin(Path config, boolean isPinned) throws Exception {
    LocalRepository open = repository.openToWrite(config);
    Generation generation;
    ProcessLock lock = RepositoryLock.take(open, "bin/replicator", new SystemTime());
    try (lock) {
      generation = RepositoryOptions.generation(open, name);
      if (!isDry && isPinned) {
        open.pin(generation);
      } else if (!isDry) {
        open.unpin(generation);
      }
    }
    if (isJson) {
      return Json.line(Map.of("generation", generation, "isPinned", isPinned, "isDone", !isDry));
    }
    return "%s %s kept %s"
        .formatted(
            generation,
            isDry ? "would be" : "is",
            isPinned ? "until it is unpinned" : "as long as retention says");
  }
}
