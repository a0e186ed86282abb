package freshet.replicator.archive;

import freshet.replicator.files.Digest;
import freshet.replicator.files.DiskSpace;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.files.ProcessLock;
import freshet.replicator.repository.ByteProgress;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.repository.MasterPresence;
import freshet.replicator.repository.RepositoryLock;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.CitySubset;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes a repository of an archive, or brings one up to it. Nothing of an archive is believed but
 * what a digest vouches for, and nothing of it can be seen before all of it was verified: LATEST
 * comes last. One that ends before has changed nothing, and the next one begins anew.
 */
public final class SnapshotImport {
  private final LocalRepository repository;
  private final Staging staging;
  private final Time time;

  /** Into this repository, which need not exist yet. */
  public SnapshotImport(LocalRepository repository, Time time) {
    this.repository = repository;
    this.staging = new Staging(repository);
    this.time = time;
  }

  /**
   * Reads it, checks it, and installs it durably.
   *
   * @throws ArchiveException.Damaged if the archive is not what {@link SnapshotExport} writes
   * @throws ArchiveException.Refused if the repository is another one, or newer
   */
  public ArchiveReport read(Path archive, Consumer<ByteProgress> progress)
      throws IOException, ArchiveException {
    if (!Files.isRegularFile(archive)) {
      throw new ArchiveException.Damaged(archive + " is no file");
    }
    RepositoryLayout layout = repository.layout();
    Path made = Files.exists(layout.root()) ? layout.control() : layout.root();
    boolean isMade = !Files.exists(made);
    DurableFiles.createFolders(layout.control());
    ProcessLock lock = lock();
    try (lock) {
      staging.clear();
      try {
        return readLocked(archive, progress);
      } finally {
        clean(isMade ? made : null);
      }
    } catch (FormatException e) {
      throw new ArchiveException.Damaged("not imported: " + e.getMessage(), e);
    }
  }

  /**
   * Leaves nothing behind of one that came to nothing.
   *
   * @param made a folder that was not there before; null for none
   */
  private void clean(@Nullable Path made) throws IOException {
    staging.clear();
    if (made != null && !Files.exists(repository.layout().latest())) {
      DurableFiles.deleteTree(made);
    }
  }

  /** The one of pulls, so that none of them works on the same files. */
  private ProcessLock lock() throws IOException, ArchiveException {
    Path file = repository.layout().pullLock();
    return switch (ProcessLock.tryTake(file, "import, process " + ProcessHandle.current().pid())) {
      case ProcessLock.Attempt.Taken taken -> taken.lock();
      case ProcessLock.Attempt.Held held ->
          throw new ArchiveException.InUse(
              "%s is in use by %s: wait for it, or stop it"
                  .formatted(repository.layout().root(), held.holder()));
    };
  }

  private ArchiveReport readLocked(Path archive, Consumer<ByteProgress> progress)
      throws IOException, ArchiveException {
    long length = Files.size(archive);
    long[] read = {0};
    Outline outline = new Outline(archive.toString());
    int members = 0;
    try (ArchiveReader reader =
        new ArchiveReader(
            archive, bytes -> progress.accept(new ByteProgress(read[0] += bytes, length)))) {
      boolean isSpaceKnown = false;
      for (ArchiveReader.Member member = reader.next(); member != null; member = reader.next()) {
        members++;
        if (!isSpaceKnown && outline.isListed()) {
          requireSpace(outline);
          isSpaceKnown = true;
        }
        take(outline, outline.take(member), member, reader);
      }
      outline.requireWhole();
      reader.finish();
    } catch (EOFException e) {
      throw new FormatException("%s: %s".formatted(archive, e.getMessage()), e);
    }
    install(outline);
    return ArchiveReport.of(outline.snapshot(), outline.subset(), members, length);
  }

  private void take(
      Outline outline, Outline.Want want, ArchiveReader.Member member, ArchiveReader reader)
      throws IOException, ArchiveException {
    Digest expected = want.sha256();
    if (!want.kind().isSmall() && expected != null) {
      staging.copy(want, expected, reader.content(member.length()));
      return;
    }
    byte[] bytes = reader.content(member.length()).readNBytes(Math.toIntExact(member.length()));
    if (bytes.length != member.length()) {
      throw new EOFException(want.name() + " ends too early");
    }
    if (expected != null) {
      Staging.requireDigest(want.name(), expected, Digest.of(bytes));
      staging.put(want, bytes);
    }
    outline.read(want, bytes);
    if (want.kind() == Outline.Kind.LATEST) {
      requireFit(outline.latest(), null);
    }
  }

  private void requireSpace(Outline outline) throws IOException, ArchiveException {
    long free = DiskSpace.freeBytes(repository.layout().control());
    if (outline.bytesToCome() > free) {
      throw new ArchiveException.LowDisk(
          "%s: the archive needs %,d bytes, %,d are free; make room, or name another folder"
              .formatted(repository.layout().root(), outline.bytesToCome(), free));
    }
  }

  /** Under the lock of publications: between this look and the move of LATEST nobody moves it. */
  private void install(Outline outline) throws IOException, ArchiveException {
    ProcessLock lock = RepositoryLock.take(repository, "import", time);
    try (lock) {
      requireFit(outline.latest(), outline.subset());
      repository.createFolders();
      staging.install();
      Optional<Advertisement> there = repository.latest();
      CitySubset before = repository.subset();
      if (there.isEmpty()) {
        repository.holdOnly(outline.subset());
        repository.advertise(outline.latest());
      } else if (outline.latest().generation().isAfter(there.get().generation())) {
        // Whichever of LATEST and this is there after a crash, what both name together is whole.
        repository.holdOnly(before.and(outline.subset()));
        repository.advertise(outline.latest());
        repository.holdOnly(outline.subset());
      } else {
        repository.holdOnly(outline.subset());
      }
    }
  }

  /**
   * Whether the archive may come in the place of what is there.
   *
   * @param cities that it holds; null as long as that is not known
   */
  private void requireFit(Advertisement offered, @Nullable CitySubset cities)
      throws IOException, ArchiveException {
    Optional<String> problem =
        ImportRule.problem(repository.latest().orElse(null), repository.subset(), offered, cities);
    if (problem.isPresent()) {
      throw new ArchiveException.Refused(
          "not imported into %s: %s".formatted(repository.layout().root(), problem.get()));
    }
    Optional<String> master = MasterPresence.of(repository);
    if (master.isPresent()) {
      throw new ArchiveException.InUse(
          "%s is published to by %s: stop it, or import into an empty folder"
              .formatted(repository.layout().root(), master.get()));
    }
  }
}
