package freshet.replicator.archive;

import freshet.replicator.files.Digest;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The files of an import until all of them are verified, in a folder of the repository that no
 * reader looks into.
 */
final class Staging {
  private static final int BUFFER_BYTES = 1 << 16;

  private final LocalRepository repository;
  private final RepositoryLayout staged;
  private final List<Outline.Want> files = new ArrayList<>();

  Staging(LocalRepository repository) {
    this.repository = repository;
    this.staged = new RepositoryLayout(repository.layout().imports());
  }

  /** Removes what this import, or one that was killed, has left. */
  void clear() throws IOException {
    DurableFiles.deleteTree(staged.root());
  }

  /** Keeps a small member whose bytes were verified; the pointers are kept by the caller. */
  void put(Outline.Want want, byte[] bytes) throws IOException {
    Path file = prepare(want);
    Files.write(file, bytes, StandardOpenOption.CREATE_NEW);
    DurableFiles.syncFile(file);
    files.add(want);
  }

  /**
   * Keeps a member as it is read.
   *
   * @throws FormatException if its digest is another one
   */
  void copy(Outline.Want want, Digest expected, InputStream in) throws IOException {
    Path file = prepare(want);
    MessageDigest digest = Digest.start();
    byte[] buffer = new byte[BUFFER_BYTES];
    long left = want.length();
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
      while (left > 0) {
        int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (n < 0) {
          throw new EOFException(want.name() + " ends too early");
        }
        digest.update(buffer, 0, n);
        out.write(buffer, 0, n);
        left -= n;
      }
    }
    requireDigest(want.name(), expected, Digest.finish(digest.digest()));
    DurableFiles.syncFile(file);
    files.add(want);
  }

  static void requireDigest(String name, Digest expected, Digest found) throws FormatException {
    if (!found.equals(expected)) {
      throw new FormatException(
          "'%s' has sha256 %s, what names it says %s: the archive was damaged or made up"
              .formatted(name, found.brief(), expected.brief()));
    }
  }

  /**
   * Moves everything to where it belongs, durably, manifests last. A file that is there already
   * stays: it may be shared with an index.
   *
   * @throws ArchiveException.Refused if one is there with another content; nothing was moved then
   */
  void install() throws IOException, ArchiveException {
    List<Outline.Want> missing = new ArrayList<>();
    for (Outline.Want want : files) {
      Path target = repository.layout().resolve(want.name());
      if (!Files.exists(target)) {
        missing.add(want);
      } else if (!Digest.ofFile(target).equals(want.sha256())) {
        throw new ArchiveException.Refused(
            "%s is there with another content than in the archive: one of the two is damaged, or another master's. See bin/replicator snapshots verify, or import into an empty folder"
                .formatted(target));
      }
    }
    Set<Path> folders = new LinkedHashSet<>();
    for (Outline.Want want : missing) {
      if (want.kind() != Outline.Kind.SNAPSHOT) {
        folders.add(move(want));
      }
    }
    for (Path folder : folders) {
      DurableFiles.syncFolder(folder);
    }
    // The oldest first: no manifest ever stands without its base.
    for (Outline.Want want : missing.reversed()) {
      if (want.kind() == Outline.Kind.SNAPSHOT) {
        DurableFiles.syncFolder(move(want));
      }
    }
  }

  private Path move(Outline.Want want) throws IOException {
    Path target = repository.layout().resolve(want.name());
    Path folder = folderOf(target);
    DurableFiles.createFolders(folder);
    Files.move(staged.resolve(want.name()), target);
    return folder;
  }

  private Path prepare(Outline.Want want) throws IOException {
    Path file = staged.resolve(want.name());
    Files.createDirectories(folderOf(file));
    return file;
  }

  private static Path folderOf(Path file) {
    Path folder = file.getParent();
    if (folder == null) {
      throw new IllegalArgumentException(file + " lies in no folder");
    }
    return folder;
  }
}
