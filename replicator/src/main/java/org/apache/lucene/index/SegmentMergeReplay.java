package org.apache.lucene.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.MergeInfo;
import org.apache.lucene.store.TrackingDirectoryWrapper;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.IOUtils;
import org.apache.lucene.util.InfoStream;
import org.apache.lucene.util.Version;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * Runs Lucene's SegmentMerger, which is package-private, as an index writer of the same version
 * runs it: the same sources, live documents, field numbers, codec and segment id give the same
 * bytes. See docs/decisions/040.
 */
@NullMarked
public final class SegmentMergeReplay {
  private static final int ID_BYTES = 16;

  /**
   * A segment to merge.
   *
   * @param name its name
   * @param id its id, as hexadecimal digits
   * @param deleted which of its documents are; null if none is
   */
  public record Source(String name, String id, @Nullable BitSet deleted) {}

  private SegmentMergeReplay() {}

  /** Merges, in a directory with the sources' files, into files beside them. */
  public static void run(
      Directory directory,
      Codec codec,
      List<Source> sources,
      String name,
      String id,
      boolean isCompound)
      throws IOException {
    SegmentInfo result =
        new SegmentInfo(
            directory,
            Version.LATEST,
            null,
            name,
            -1,
            false,
            false,
            codec,
            Map.of(),
            bytes(id),
            Map.of(),
            null);
    List<CodecReader> opened = new ArrayList<>();
    List<CodecReader> live = new ArrayList<>();
    List<SegmentCommitInfo> commits = new ArrayList<>();
    try {
      for (Source source : sources) {
        SegmentInfo info =
            codec
                .segmentInfoFormat()
                .read(directory, source.name, bytes(source.id), IOContext.READONCE);
        info.setCodec(codec);
        SegmentCommitInfo commit =
            new SegmentCommitInfo(info, 0, 0, -1, -1, -1, new byte[ID_BYTES]);
        SegmentReader reader = new SegmentReader(commit, Version.LATEST.major, IOContext.DEFAULT);
        opened.add(reader);
        commits.add(commit);
        live.add(live(reader, source.deleted));
      }
      merge(directory, result, live, commits);
      if (isCompound) {
        makeCompound(directory, result);
      }
      codec.segmentInfoFormat().write(directory, result, IOContext.DEFAULT);
    } finally {
      IOUtils.close(opened);
    }
  }

  private static byte[] bytes(String id) {
    return HexFormat.of().parseHex(id);
  }

  private static CodecReader live(SegmentReader reader, @Nullable BitSet deleted) {
    if (deleted == null) {
      return reader;
    }
    int documents = reader.maxDoc();
    Bits bits =
        new Bits() {
          @Override
          public boolean get(int document) {
            return !deleted.get(document);
          }

          @Override
          public int length() {
            return documents;
          }
        };
    return FilterCodecReader.wrapLiveDocs(reader, bits, documents - deleted.cardinality());
  }

  private static void merge(
      Directory directory,
      SegmentInfo result,
      List<CodecReader> readers,
      List<SegmentCommitInfo> commits)
      throws IOException {
    TrackingDirectoryWrapper files = new TrackingDirectoryWrapper(directory);
    int documents = readers.stream().mapToInt(CodecReader::maxDoc).sum();
    SegmentMerger merger =
        new SegmentMerger(
            readers,
            result,
            InfoStream.NO_OUTPUT,
            files,
            // The sources' own numbers are those of the writer, and each is taken as it is.
            new FieldInfos.FieldNumbers(null, null),
            IOContext.merge(new MergeInfo(documents, 0, false, -1)),
            Runnable::run,
            new MergePolicy.OneMerge(commits));
    if (!merger.shouldMerge()) {
      throw new IOException("nothing is left of the segments that " + result.name + " is made of");
    }
    merger.merge();
    result.setFiles(new HashSet<>(files.getCreatedFiles()));
  }

  private static void makeCompound(Directory directory, SegmentInfo result) throws IOException {
    Set<String> parts = result.files();
    TrackingDirectoryWrapper files = new TrackingDirectoryWrapper(directory);
    result.getCodec().compoundFormat().write(files, result, IOContext.DEFAULT);
    result.setFiles(new HashSet<>(files.getCreatedFiles()));
    result.setUseCompoundFile(true);
    for (String part : parts) {
      directory.deleteFile(part);
    }
  }
}
