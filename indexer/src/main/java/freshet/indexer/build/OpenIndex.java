package freshet.indexer.build;

import freshet.indexer.directory.IndexDirectory;
import freshet.indexer.merge.IndexMerges;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.publish.CityCommit;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.SegmentCommitInfo;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.StandardDirectoryReader;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * What is open of one city's index: its directory, a reader of the last commit, a writer; each
 * opened when it is first asked for, and all closed together. Used under its owner's lock.
 */
final class OpenIndex implements Closeable {
  private final Path folder;
  private final WriterSettings settings;
  private final IndexMerges merges;
  private final HeldCommits held = new HeldCommits();
  private @Nullable Directory directory;
  private @Nullable IndexWriter writer;
  private @Nullable DirectoryReader reader;

  OpenIndex(Path folder, WriterSettings settings, IndexMerges merges) {
    this.folder = folder;
    this.settings = settings;
    this.merges = merges;
  }

  Path folder() {
    return folder;
  }

  boolean hasDirectory() {
    return directory != null;
  }

  /** The writer, if it is open. */
  Optional<IndexWriter> openWriter() {
    return Optional.ofNullable(writer);
  }

  /** The writer, of an index that is made if there is none. */
  IndexWriter writer() throws IOException {
    IndexWriter open = writer;
    if (open == null) {
      DurableFiles.createFolders(folder);
      open = settings.open(directory(), held, merges);
      writer = open;
    }
    return open;
  }

  /** A reader of the last commit, which there must be. */
  DirectoryReader reader() throws IOException {
    DirectoryReader open = reader;
    if (open == null) {
      open = DirectoryReader.open(directory());
      reader = open;
    }
    return open;
  }

  /** The same after a new commit. */
  DirectoryReader newReader() throws IOException {
    DirectoryReader before = reader;
    if (before != null) {
      DirectoryReader after = DirectoryReader.openIfChanged(before);
      if (after != null) {
        before.close();
        reader = after;
      }
    }
    return reader();
  }

  /** Segments of the last commit, which there must be. Opens nothing that stays open. */
  SegmentInfos segments() throws IOException {
    if (reader instanceof StandardDirectoryReader open) {
      return open.getSegmentInfos();
    }
    try (Directory closed = settings.directories().open(folder)) {
      SegmentInfos segments = SegmentInfos.readLatestCommit(closed);
      for (SegmentCommitInfo segment : segments) {
        // It keeps its size, which it could not find out once the directory is closed.
        segment.sizeInBytes();
      }
      return segments;
    }
  }

  /** The last commit, as the directory has it. */
  @Nullable WorkingCity lastCommit() throws IOException {
    return WriterSettings.lastCommit(directory(), folder).orElse(null);
  }

  /** Keeps a commit from deletion, whichever writer is open. */
  void hold(long commit) {
    held.hold(commit);
  }

  void release(CityCommit commit) {
    held.release(commit.commit());
  }

  /** Closes the writer; what is not committed is gone. */
  void rollback() throws IOException {
    IndexWriter open = writer;
    writer = null;
    if (open != null) {
      open.rollback();
    }
  }

  /** Closes the rest. The next use finds on disk what was committed. */
  @Override
  public void close() throws IOException {
    DirectoryReader oldReader = reader;
    Directory oldDirectory = directory;
    reader = null;
    directory = null;
    IOUtils.close(oldReader, oldDirectory);
  }

  private Directory directory() throws IOException {
    Directory open = directory;
    if (open == null) {
      open = IndexDirectory.over(settings.directories().open(folder));
      directory = open;
    }
    return open;
  }
}
