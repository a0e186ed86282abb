package freshet.replicator.swap;

import freshet.replicator.files.Digest;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.schema.CommitData;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.store.NoLockFactory;
import org.jspecify.annotations.Nullable;

/** Opens one city at the commit that its manifest names, and refuses what is not that commit. */
final class CityOpener {
  private final LocalRepository repository;
  private final Digest schema;
  private final Warmer warmer;

  /**
   * @param schema digest of the schema of the snapshot that is being opened
   */
  CityOpener(LocalRepository repository, Digest schema, Warmer warmer) {
    this.repository = repository;
    this.schema = schema;
    this.warmer = warmer;
  }

  /**
   * Opens, checks and warms a city.
   *
   * @param previous the city as it is live now, whose unchanged segments are taken over if it is of
   *     the same incarnation
   * @return held once, by the caller
   */
  Shared<CityIndex> open(CityEntry entry, @Nullable CityIndex previous) throws IOException {
    CityManifest manifest = repository.cityManifest(entry);
    if (!manifest.schema().equals(schema)) {
      throw new FormatException(
          "its manifest was built by schema %s, the snapshot's is %s"
              .formatted(manifest.schema().brief(), schema.brief()));
    }
    Path folder = repository.layout().incarnation(entry.city(), entry.incarnation());
    checkFiles(folder, manifest);
    CityIndex base =
        previous != null && previous.entry().incarnation().equals(entry.incarnation())
            ? previous
            : null;
    Shared<Directory> directory =
        base == null
            ? new Shared<>(new MMapDirectory(folder, NoLockFactory.INSTANCE))
            : base.directory().retain();
    DirectoryReader reader = null;
    try {
      reader = reader(directory.get(), manifest.segmentsFile(), base);
      checkCommit(reader, manifest);
      List<LeafReaderContext> known = base == null ? List.of() : base.reader().leaves();
      warmer.warm(reader.leaves(), known);
      return new Shared<>(new CityIndex(entry, reader, directory));
    } catch (IOException | RuntimeException e) {
      closeAfter(e, reader, directory);
      throw e;
    }
  }

  private static DirectoryReader reader(
      Directory directory, String segmentsFile, @Nullable CityIndex previous) throws IOException {
    NamedCommit commit = new NamedCommit(directory, segmentsFile);
    if (previous == null) {
      return DirectoryReader.open(commit);
    }
    DirectoryReader changed = DirectoryReader.openIfChanged(previous.reader(), commit);
    if (changed != null) {
      return changed;
    }
    // The same segments file under another manifest, as after a rollback and back.
    previous.reader().incRef();
    return previous.reader();
  }

  private static void checkFiles(Path folder, CityManifest manifest) throws IOException {
    for (FileEntry file : manifest.files()) {
      long length = Files.size(folder.resolve(file.name()));
      if (length != file.length()) {
        throw new FormatException(
            "%s has %d bytes, its manifest says %d"
                .formatted(folder.resolve(file.name()), length, file.length()));
      }
    }
  }

  private static void checkCommit(DirectoryReader reader, CityManifest manifest)
      throws IOException {
    String what = manifest.segmentsFile();
    expect(what, "live documents", (long) reader.numDocs(), manifest.documents());
    expect(what, "deleted documents", (long) reader.numDeletedDocs(), manifest.deletedDocuments());
    CommitData data = CommitData.of(reader.getIndexCommit().getUserData(), what);
    expect(what, "city", data.city(), manifest.city());
    expect(what, "schema", data.schema(), manifest.schema());
    expect(what, "position", data.position(), manifest.position());
  }

  private static void expect(String what, String quantity, Object found, Object wanted)
      throws FormatException {
    if (!found.equals(wanted)) {
      throw new FormatException(
          "%s has %s %s, its manifest says %s".formatted(what, quantity, found, wanted));
    }
  }

  private static void closeAfter(
      Exception because, @Nullable DirectoryReader reader, Shared<Directory> directory) {
    try {
      if (reader != null) {
        reader.decRef();
      }
      directory.release();
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }

  /** Whether a failure says that the files are wrong, rather than that reading them failed. */
  static boolean isDamage(Exception failure) {
    return failure instanceof FormatException
        || failure instanceof NoSuchFileException
        || failure instanceof java.io.FileNotFoundException
        || failure instanceof java.io.EOFException
        || failure instanceof org.apache.lucene.index.CorruptIndexException
        || failure instanceof RuntimeException;
  }
}
