package freshet.indexer.app;

import freshet.indexer.config.Definition;
import freshet.indexer.config.IndexerConfig;
import freshet.indexer.rebuild.RebuildFolder;
import freshet.indexer.rebuild.RebuildState;
import freshet.indexer.source.Finding;
import freshet.replicator.files.Digest;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which definition the working indexes are built by. The configuration may say another one by now:
 * that takes effect when all cities were rebuilt by it.
 *
 * @param work the working folder
 */
record DefinitionInUse(Path work) {
  private static final Logger LOG = LoggerFactory.getLogger(DefinitionInUse.class);

  /** The file that holds it. */
  Path file() {
    return work.resolve("definition.json");
  }

  /**
   * Decides by what is polled, and keeps that.
   *
   * @param configured what the configuration says
   * @param latest what is published; null if nothing is
   */
  Definition resolve(Definition configured, @Nullable Snapshot latest) throws IOException {
    Definition kept = read().orElse(null);
    boolean isSwitched =
        RebuildFolder.in(work)
            .read()
            .filter(state -> state.phase() == RebuildState.Phase.SWITCHED)
            .isPresent();
    Digest published =
        latest == null || latest.documents() == 0 ? null : latest.manifest().schema();
    Definition used = choose(configured, kept, isSwitched, published);
    if (!used.equals(kept) && (published == null || used.schemaDigest().equals(published))) {
      DurableFiles.createFolders(work);
      DurableFiles.write(file(), used.text().getBytes(StandardCharsets.UTF_8));
    }
    return used;
  }

  /**
   * Decides. Pure.
   *
   * @param kept what was in use so far; null if that is not known
   * @param isSwitched whether a rebuild is in use that is not published yet
   * @param published the schema of what is published; null if that has no documents
   */
  static Definition choose(
      Definition configured,
      @Nullable Definition kept,
      boolean isSwitched,
      @Nullable Digest published) {
    if (kept == null || !(isSwitched || kept.schemaDigest().equals(published))) {
      return configured;
    }
    return kept.differencesTo(configured).isEmpty() && kept.schema().equals(configured.schema())
        ? configured
        : kept.polledAs(configured);
  }

  /** What of the configuration is not in use. */
  static Optional<Finding> finding(Definition used, Definition configured) {
    List<Definition.Difference> differences = used.differencesTo(configured);
    return differences.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                "the configuration is not what the indexes are built by",
                differences.stream()
                    .map(Definition.Difference::toString)
                    .collect(Collectors.joining("; ")),
                "polls go on by what is in use; to build by the configuration:"
                    + " bin/indexer rebuild --all"));
  }

  /** The configuration with what is kept, without deciding anything: for whoever only looks. */
  IndexerConfig by(IndexerConfig config) throws IOException {
    return read().map(used -> config.by(used.polledAs(config.definition()))).orElse(config);
  }

  /** The same, of what is kept, without deciding anything. */
  Optional<Finding> finding(Definition configured) throws IOException {
    return read().flatMap(used -> finding(used, configured));
  }

  /**
   * Whether a rebuild was made by what its indexes would be used by.
   *
   * @param latest what is published; null if nothing is
   */
  Optional<String> mismatch(RebuildState ready, @Nullable Snapshot latest) throws IOException {
    Path theirs = RebuildFolder.in(work).definition();
    Definition built = Definition.read(theirs).orElse(null);
    if (built == null) {
      return Optional.of("%s is missing, which says what it was built by".formatted(theirs));
    }
    if (!built.schemaDigest().equals(ready.schema())) {
      return Optional.of(
          "its indexes have schema %s, its definition says %s"
              .formatted(ready.schema().brief(), built.schemaDigest().brief()));
    }
    if (ready.cities() == null) {
      return Optional.empty();
    }
    if (latest == null) {
      return Optional.of("it is of some cities, and there is no snapshot that has the others");
    }
    List<Definition.Difference> differences =
        read().map(used -> used.differencesTo(built)).orElse(List.of());
    return differences.isEmpty()
        ? Optional.empty()
        : Optional.of("it is of some cities, which would not match the others: " + differences);
  }

  private Optional<Definition> read() throws IOException {
    try {
      return Definition.read(file());
    } catch (FormatException e) {
      LOG.warn("{}: what the configuration says is compared with the snapshot alone", e.toString());
      return Optional.empty();
    }
  }
}
