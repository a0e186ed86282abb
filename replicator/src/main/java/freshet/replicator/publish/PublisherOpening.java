package freshet.replicator.publish;

import freshet.replicator.files.Digest;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.repository.WorkingLinks;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.PointerCodec;
import freshet.replicator.snapshot.RepositoryId;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The start of a publisher: cleans up after a crash, finds out whose the repository is, takes an
 * epoch if need be, and remembers all that durably. Run under the repository's lock.
 */
record PublisherOpening(
    LocalRepository repository, Path stateFile, Time time, RandomGenerator random) {
  private static final Logger LOG = LoggerFactory.getLogger(PublisherOpening.class);

  /** A count of changes since the last full manifest that makes the next one full. */
  private static final int FULL_IS_DUE = Integer.MAX_VALUE;

  /**
   * What a publisher starts with.
   *
   * @param state made durable already
   * @param known digest of LATEST's bytes; null without LATEST
   * @param current what LATEST names; null if nothing
   */
  record Opened(
      PublisherState state, @Nullable Digest known, Claims.@Nullable Advertised current) {}

  /** Continues or takes an epoch, or finds that another master owns the repository. */
  Opened open() throws IOException, PublishException {
    repository.createFolders();
    PublisherState state = PublisherState.read(stateFile).orElse(null);
    Latest latest = latest(bytesOfLatest());
    SortedMap<Long, String> epochs = Epochs.owners(repository.layout());
    Advertisement advertisement = latest == null ? null : latest.advertisement();
    return switch (Ownership.decide(state, advertisement, epochs)) {
      case Ownership.Continue keep -> {
        clean();
        yield finish(continued(state, advertisement, keep), latest);
      }
      case Ownership.Take take -> {
        clean();
        String master = state == null ? newMaster() : state.master();
        yield finish(taken(state, advertisement, epochs, master, take.reason()), latest);
      }
      case Ownership.Refuse refuse ->
          throw new PublishException.Fenced(
              "%s: %s; %s"
                  .formatted(repository.layout().root(), refuse.reason(), Fence.TAKEOVER_HINT));
    };
  }

  /** Takes a new epoch, whoever owned the repository, as a master of a new identity. */
  Opened takeOver() throws IOException, PublishException {
    repository.createFolders();
    clean();
    PublisherState state = PublisherState.read(stateFile).orElse(null);
    SortedMap<Long, String> epochs = Epochs.owners(repository.layout());
    String master = newMaster();
    Latest latest;
    try {
      latest = latest(bytesOfLatest());
    } catch (PublishException.Damaged e) {
      Opened opened = finish(taken(state, null, epochs, master, "takeover"), null);
      putAside(e);
      return opened;
    }
    Advertisement advertisement = latest == null ? null : latest.advertisement();
    PublisherState taken = taken(state, advertisement, epochs, master, "takeover");
    try {
      return finish(taken, latest);
    } catch (PublishException.Damaged e) {
      putAside(e);
      return new Opened(taken, null, null);
    }
  }

  /** Else whoever opens the repository next, by another process, would stop at it again. */
  private void putAside(PublishException.Damaged damage) throws IOException {
    RepositoryLayout layout = repository.layout();
    Path aside = layout.control().resolve(RepositoryLayout.LATEST + ".damaged");
    DurableFiles.rename(layout.latest(), aside);
    DurableFiles.syncFolder(layout.root());
    LOG.warn("{}; put aside as {}, all cities are published again", damage.getMessage(), aside);
  }

  private record Latest(Digest digest, Advertisement advertisement) {}

  /** Once it is known whose the repository is: another master may be writing them just now. */
  private void clean() throws IOException {
    RepositoryLayout layout = repository.layout();
    for (Path folder :
        List.of(
            layout.root(),
            layout.snapshots(),
            layout.packs(),
            layout.schemas(),
            layout.control())) {
      List<String> removed = DurableFiles.removeTemporary(folder);
      if (!removed.isEmpty()) {
        LOG.info("{}: removed what was left half-written: {}", folder, removed);
      }
    }
  }

  private byte @Nullable [] bytesOfLatest() throws IOException {
    try {
      return Files.readAllBytes(repository.layout().latest());
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private @Nullable Latest latest(byte @Nullable [] bytes) throws PublishException.Damaged {
    if (bytes == null) {
      return null;
    }
    try {
      String file = repository.layout().latest().toString();
      return new Latest(Digest.of(bytes), PointerCodec.read(bytes, file));
    } catch (FormatException e) {
      throw damaged(e);
    }
  }

  private PublisherState continued(
      @Nullable PublisherState state, @Nullable Advertisement latest, Ownership.Continue keep)
      throws IOException {
    if (state == null) {
      throw new IllegalStateException("nothing to continue");
    }
    Generation published = latest == null ? null : latest.generation();
    boolean isAsIntended =
        published != null && published.equals(state.intended()) && keep.epoch() == state.epoch();
    LOG.info("{}: epoch {} goes on after {}", repository.layout().root(), keep.epoch(), published);
    return new PublisherState(
        PublisherState.FORMAT,
        state.repository(),
        state.master(),
        keep.epoch(),
        Math.max(state.lastNumber(), highestNumber(latest)),
        published,
        null,
        state.position(),
        isAsIntended || state.intended() == null ? state.changesSinceFull() : FULL_IS_DUE,
        state.aliases());
  }

  private PublisherState taken(
      @Nullable PublisherState state,
      @Nullable Advertisement latest,
      SortedMap<Long, String> epochs,
      String master,
      String reason)
      throws IOException {
    long highest = epochs.isEmpty() ? 0 : epochs.lastKey();
    highest = Math.max(highest, latest == null ? 0 : latest.generation().epoch());
    highest = Math.max(highest, state == null ? 0 : state.epoch());
    highest = Math.max(highest, highestEpochOfFiles());
    long epoch = Epochs.take(repository.layout(), highest + 1, master, time.now());
    LOG.info("{}: took epoch {}: {}", repository.layout().root(), epoch, reason);
    long remembered = state == null ? 0 : state.lastNumber();
    return new PublisherState(
        PublisherState.FORMAT,
        latest == null ? identity(state) : latest.repository(),
        master,
        epoch,
        Math.max(remembered, highestNumber(latest)),
        latest == null ? null : latest.generation(),
        null,
        state == null ? SourcePosition.START : state.position(),
        FULL_IS_DUE,
        state == null ? Map.of() : state.aliases());
  }

  /**
   * Which repository this is, where LATEST does not say so. Slaves refuse another one for good, so
   * that whoever lost LATEST and his memory asks the manifests.
   */
  private RepositoryId identity(@Nullable PublisherState state) throws IOException {
    for (Generation generation : repository.generations().descendingSet()) {
      try {
        return repository.manifest(generation).repository();
      } catch (FormatException | NoSuchFileException e) {
        LOG.warn("{} does not tell which repository this is: {}", generation, e.toString());
      }
    }
    return state == null ? RepositoryId.random(random) : state.repository();
  }

  private Opened finish(PublisherState state, @Nullable Latest latest)
      throws IOException, PublishException.Damaged {
    Path folder = stateFile.toAbsolutePath().getParent();
    if (folder != null) {
      DurableFiles.createFolders(folder);
    }
    state.write(stateFile);
    if (folder != null) {
      WorkingLinks.note(repository, folder);
    }
    if (latest == null) {
      return new Opened(state, null, null);
    }
    try {
      Snapshot snapshot = repository.snapshot(latest.advertisement());
      return new Opened(
          state, latest.digest(), new Claims.Advertised(snapshot, latest.advertisement()));
    } catch (FormatException | NoSuchFileException | IllegalArgumentException e) {
      throw damaged(e);
    }
  }

  private PublishException.Damaged damaged(Exception e) {
    return new PublishException.Damaged(
        "%s can't be resolved: %s. Bring the file back from a copy, or publish all cities again under a new epoch with: bin/indexer takeover"
            .formatted(repository.layout().latest(), e.getMessage()),
        e);
  }

  /** A number is never used twice, not even that of a manifest that LATEST never named. */
  private long highestNumber(@Nullable Advertisement latest) throws IOException {
    long highest = latest == null ? 0 : latest.generation().number();
    for (Generation generation : generationsOfFiles()) {
      highest = Math.max(highest, generation.number());
    }
    return highest;
  }

  private long highestEpochOfFiles() throws IOException {
    return generationsOfFiles().stream().mapToLong(Generation::epoch).max().orElse(0);
  }

  private List<Generation> generationsOfFiles() throws IOException {
    List<Generation> found = new ArrayList<>();
    for (Path folder : List.of(repository.layout().snapshots(), repository.layout().packs())) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        files.forEach(file -> Epochs.generationOf(file).ifPresent(found::add));
      }
    }
    return found;
  }

  private String newMaster() {
    return HexFormat.of().toHexDigits(random.nextLong());
  }
}
