package freshet.replicator.snapshot;

import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a merged segment is made again, byte for byte, from the segments that it was merged from: the
 * content of a recipe file.
 *
 * @param format version of this file's format
 * @param segment the merged segment's name
 * @param id Lucene's id of that segment, as hexadecimal digits
 * @param compound whether its files were put into one
 * @param fingerprint of what else determines the bytes: Lucene, codec, deflate implementation
 * @param sources the segments that were merged, in this order
 */
public record MergeRecipe(
    int format,
    String segment,
    String id,
    boolean compound,
    String fingerprint,
    List<Source> sources) {
  private static final String SUFFIX = ".recipe";
  private static final int ID_BYTES = 16;
  private static final Pattern SEGMENT = Pattern.compile("_[a-z0-9]{1,20}");

  /**
   * A segment that was merged.
   *
   * @param segment its name
   * @param id Lucene's id of it
   * @param documents in it, deleted ones included
   * @param deleted which were deleted when the merge began, see {@link DeletedDocuments}; null if
   *     none was
   * @param files its files, without those that say what is deleted; empty if it was merged before
   *     it was ever published
   */
  public record Source(
      String segment, String id, int documents, @Nullable String deleted, List<FileEntry> files) {
    /** Copies the list and checks the id. */
    public Source {
      files = List.copyOf(files);
      requireSegment(segment);
      requireId(id);
      if (documents < 1) {
        throw new IllegalArgumentException(
            "segment %s can't have %d documents".formatted(segment, documents));
      }
    }
  }

  /** Copies the list; there are sources, each once. */
  public MergeRecipe {
    sources = List.copyOf(sources);
    requireSegment(segment);
    requireId(id);
    Set<String> names = new HashSet<>(Set.of(segment));
    for (Source source : sources) {
      if (!names.add(source.segment())) {
        throw new IllegalArgumentException(
            "segment %s occurs twice in the recipe of %s".formatted(source.segment(), segment));
      }
    }
    if (sources.isEmpty()) {
      throw new IllegalArgumentException("the recipe of %s has no sources".formatted(segment));
    }
  }

  /** The name of the file that this is the content of. */
  public String fileName() {
    return segment + SUFFIX;
  }

  /** The same, with the files of each source. */
  public MergeRecipe withFiles(Function<Source, List<FileEntry>> files) {
    List<Source> known =
        sources.stream()
            .map(
                source ->
                    new Source(
                        source.segment,
                        source.id,
                        source.documents,
                        source.deleted,
                        files.apply(source)))
            .toList();
    return new MergeRecipe(format, segment, id, compound, fingerprint, known);
  }

  /**
   * Whether a merge makes this file of a segment again. The .si has the time of the merge in it,
   * and what was deleted since is in files of its own.
   */
  public static boolean isReplayable(FileEntry file) {
    return !file.name().endsWith(".si") && !isOfDeletions(file);
  }

  /** Whether this file of a segment says what is deleted in it. */
  public static boolean isOfDeletions(FileEntry file) {
    return file.name().endsWith(".liv");
  }

  /** It becomes part of file names. */
  private static void requireSegment(String segment) {
    if (!SEGMENT.matcher(segment).matches()) {
      throw new IllegalArgumentException("'" + segment + "' is no name of a segment");
    }
  }

  private static void requireId(String id) {
    if (HexFormat.of().parseHex(id).length != ID_BYTES) {
      throw new IllegalArgumentException("a segment's id has 32 hexadecimal digits, not " + id);
    }
  }
}
