package freshet.replicator.publish;

import freshet.replicator.files.Digest;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.PackEntry;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorOutputStream;

/**
 * Writes a generation's new small files as one object. City manifests and recipes come first; of
 * the index files the smallest are taken while they fit, so that the pack saves as many requests as
 * it can. The same files give the same bytes.
 */
record PackWriter(LocalRepository repository) {
  /** The largest index file that a pack takes. */
  static final long MAX_FILE_BYTES = 1 << 20;

  /** The largest of those that slaves have already, or can make by a recipe. */
  static final long MAX_DISPENSABLE_BYTES = 4 << 10;

  /** The most bytes that a pack holds, before compression. */
  static final long MAX_BYTES = 16 << 20;

  private static final int LEVEL = 3;
  private static final int MODE = 0644;
  private static final int BUFFER = 64 << 10;

  private record Member(String name, long length) {}

  /**
   * Writes the pack, durably; empty if there is nothing to put into it.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the generation has a pack; that one stays
   */
  Optional<PackEntry> write(Generation generation, List<CityPublisher.Placed> cities)
      throws IOException {
    List<Member> members = choose(cities);
    if (members.isEmpty()) {
      return Optional.empty();
    }
    Path target = repository.layout().resolve(RepositoryLayout.packName(generation));
    Path temporary = DurableFiles.temporaryFor(target);
    MessageDigest digest = Digest.start();
    try {
      try (OutputStream file = Files.newOutputStream(temporary);
          OutputStream out = new DigestOutputStream(new BufferedOutputStream(file), digest)) {
        writeTar(members, out);
      }
      long length = Files.size(temporary);
      DurableFiles.syncFile(temporary);
      DurableFiles.install(temporary, target);
      return Optional.of(new PackEntry(length, Digest.finish(digest.digest()), members.size()));
    } catch (IOException | RuntimeException e) {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  private static List<Member> choose(List<CityPublisher.Placed> cities) {
    List<Member> manifests = new ArrayList<>();
    List<Member> files = new ArrayList<>();
    for (CityPublisher.Placed city : cities) {
      var m = city.manifest();
      manifests.add(
          new Member(
              RepositoryLayout.cityManifestName(m.city(), m.incarnation(), m.commit()),
              city.manifestBytes()));
      for (FileEntry recipe : city.recipes()) {
        String name = RepositoryLayout.fileName(m.city(), m.incarnation(), recipe.name());
        manifests.add(new Member(name, recipe.length()));
      }
      for (FileEntry file : city.added()) {
        long most = city.isDispensable(file) ? MAX_DISPENSABLE_BYTES : MAX_FILE_BYTES;
        if (file.length() <= most) {
          String name = RepositoryLayout.fileName(m.city(), m.incarnation(), file.name());
          files.add(new Member(name, file.length()));
        }
      }
    }
    Comparator<Member> bySize =
        Comparator.comparingLong(Member::length).thenComparing(Member::name);
    manifests.sort(bySize);
    files.sort(bySize);
    List<Member> chosen = new ArrayList<>();
    long bytes = fill(chosen, manifests, 0);
    fill(chosen, files, bytes);
    return chosen;
  }

  private static long fill(List<Member> chosen, List<Member> from, long already) {
    long bytes = already;
    for (Member member : from) {
      if (bytes + member.length() > MAX_BYTES) {
        return bytes;
      }
      bytes += member.length();
      chosen.add(member);
    }
    return bytes;
  }

  private void writeTar(List<Member> members, OutputStream out) throws IOException {
    try (ZstdCompressorOutputStream zstd =
            ZstdCompressorOutputStream.builder()
                .setOutputStream(out)
                .setLevel(LEVEL)
                .setChecksum(true)
                .get();
        // The archive is written in records of 512 bytes, each of which would be a native call.
        TarArchiveOutputStream tar =
            new TarArchiveOutputStream(new BufferedOutputStream(zstd, BUFFER))) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (Member member : members) {
        TarArchiveEntry entry = new TarArchiveEntry(member.name());
        entry.setSize(member.length());
        entry.setMode(MODE);
        entry.setIds(0, 0);
        entry.setNames("", "");
        entry.setLastModifiedTime(FileTime.fromMillis(0));
        tar.putArchiveEntry(entry);
        try (InputStream in = Files.newInputStream(repository.layout().resolve(member.name()))) {
          in.transferTo(tar);
        }
        tar.closeArchiveEntry();
      }
      tar.finish();
    }
  }
}
