package freshet.replicator.publish;

import freshet.replicator.files.Digest;
import freshet.replicator.files.DiskSpace;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.FileEntry;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.lucene.index.IndexFileNames;
import org.jspecify.annotations.Nullable;

/**
 * Links files of a commit or of a merge into one incarnation's folder. A name that is there already
 * is left alone if it is the same file, or has the same content; else the whole has no place in
 * this incarnation, where a name has one content for ever.
 *
 * @param target the incarnation's folder in the repository, which exists
 * @param previous folder of the city's last published commit, to know digests from; null for none
 * @param known the files of that commit by name
 * @param announced files that were linked into {@code target} and digested before any commit had
 *     them, by name
 */
record CityLinker(
    Path target,
    @Nullable Path previous,
    Map<String, FileEntry> known,
    Map<String, FileEntry> announced) {

  /**
   * Links files of a city's working index.
   *
   * @param from the folder that they are in
   * @param names of the files
   * @return the files, ordered by name; empty if a name is taken by another content
   */
  Optional<List<FileEntry>> link(City city, Path from, Collection<String> names)
      throws IOException {
    List<FileEntry> entries = new ArrayList<>();
    for (String name : new TreeSet<>(names)) {
      Path source = from.resolve(name);
      BasicFileAttributes attributes = attributes(source, city);
      Digest digest = knownDigest(name, attributes);
      boolean isPlaced = digest != null && target.equals(previous);
      if (digest == null) {
        digest = Digest.ofFile(source);
      }
      if (!isPlaced && !place(city, source, attributes, target.resolve(name), digest)) {
        return Optional.empty();
      }
      entries.add(new FileEntry(name, attributes.size(), digest, segmentOf(name)));
    }
    return Optional.of(entries);
  }

  /**
   * Links files whose digests are known.
   *
   * @param from the folder that they are in
   * @return false if a name is taken by another content
   */
  boolean linkDigested(City city, Path from, List<FileEntry> files) throws IOException {
    for (FileEntry file : files) {
      Path source = from.resolve(file.name());
      Path place = target.resolve(file.name());
      if (!place(city, source, attributes(source, city), place, file.sha256())) {
        return false;
      }
    }
    return true;
  }

  private boolean place(
      City city, Path source, BasicFileAttributes attributes, Path place, Digest digest)
      throws IOException {
    try {
      Files.createLink(place, source);
      return true;
    } catch (FileAlreadyExistsException e) {
      BasicFileAttributes found = Files.readAttributes(place, BasicFileAttributes.class);
      if (isSameFile(found, attributes)) {
        return true;
      }
      if (found.size() != attributes.size() || !Digest.ofFile(place).equals(digest)) {
        return false;
      }
      // The same bytes in another inode, as after a restore: with one inode it is known next time.
      Path temporary = DurableFiles.temporaryFor(place);
      Files.createLink(temporary, source);
      Files.move(
          temporary, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return true;
    } catch (IOException e) {
      if (!DiskSpace.shareFileSystem(source, target)) {
        throw new IOException(
            "city %s: %s can't be linked into %s, they are on different file systems: put the working directory and the repository on one"
                .formatted(city, source, target),
            e);
      }
      throw e;
    }
  }

  private @Nullable Digest knownDigest(String name, BasicFileAttributes source) throws IOException {
    Digest published = knownDigest(previous, known.get(name), source);
    return published == null ? knownDigest(target, announced.get(name), source) : published;
  }

  private static @Nullable Digest knownDigest(
      @Nullable Path folder, @Nullable FileEntry entry, BasicFileAttributes source)
      throws IOException {
    if (entry == null || folder == null || entry.length() != source.size()) {
      return null;
    }
    try {
      BasicFileAttributes published =
          Files.readAttributes(folder.resolve(entry.name()), BasicFileAttributes.class);
      return isSameFile(published, source) ? entry.sha256() : null;
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static BasicFileAttributes attributes(Path source, City city) throws IOException {
    try {
      return Files.readAttributes(source, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      throw new IOException(
          "city %s: %s is to be published and is gone: its maker must hold it until it is"
              .formatted(city, source),
          e);
    }
  }

  private static boolean isSameFile(BasicFileAttributes one, BasicFileAttributes other) {
    return one.fileKey() != null && one.fileKey().equals(other.fileKey());
  }

  private static String segmentOf(String name) {
    return name.startsWith("_") ? IndexFileNames.parseSegmentName(name) : "";
  }
}
