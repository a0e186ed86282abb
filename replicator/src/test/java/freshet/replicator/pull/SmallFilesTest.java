package freshet.replicator.pull;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.files.Digest;
import freshet.replicator.pull.SmallFiles.Wanted;
import freshet.replicator.snapshot.BundleHead;
import freshet.replicator.snapshot.BundleRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files are asked for together. */
class SmallFilesTest {
  private static final int KILOBYTE = 1 << 10;
  private static final int MEGABYTE = 1 << 20;

  @Test
  void littleIsOneRequest() {
    assertThat(SmallFiles.groups(files(30, 10 * KILOBYTE), 4)).hasSize(1);
    assertThat(SmallFiles.groups(files(1, 10), 4)).hasSize(1);
    assertThat(SmallFiles.groups(List.of(), 4)).isEmpty();
  }

  @Test
  void muchIsDividedAmongThoseAtWork() {
    assertThat(SmallFiles.groups(files(80, 100 * KILOBYTE), 4)).hasSizeBetween(4, 5);
  }

  @Test
  void aLargeFileComesAlone() {
    List<Wanted> files = new ArrayList<>(files(2, 10));
    files.add(1, new Wanted("large", MEGABYTE + 1, Digest.ofText("large")));
    assertThat(SmallFiles.groups(files, 4))
        .containsExactlyInAnyOrder(List.of(files.get(1)), List.of(files.get(0), files.get(2)));
  }

  @Test
  void manifestsOfUnknownLengthComeTogetherToo() {
    assertThat(SmallFiles.groups(files(200, (int) Wanted.UNKNOWN), 4)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 16})
  void everyFileIsInOneGroupAndNoGroupIsMoreThanAnAnswerTakes(int atATime) {
    List<Wanted> files =
        Stream.of(
                files(700, (int) Wanted.UNKNOWN),
                files(3_000, 0),
                files(900, 37 * KILOBYTE),
                files(40, MEGABYTE),
                files(5, 9 * MEGABYTE))
            .flatMap(List::stream)
            .toList();
    List<List<Wanted>> groups = SmallFiles.groups(files, atATime);

    assertThat(groups.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(files);
    assertThat(groups)
        .allSatisfy(
            group -> {
              assertThat(group).hasSizeBetween(1, BundleRequest.MAX_NAMES);
              long bytes = group.stream().mapToLong(Wanted::length).sum();
              assertThat(group.size() == 1 || bytes <= BundleHead.MAX_FILE_BYTES).isTrue();
              assertThat(group.size() == 1 || Collections.max(lengths(group)) <= MEGABYTE).isTrue();
            });
  }

  private static List<Long> lengths(List<Wanted> group) {
    return group.stream().map(Wanted::length).toList();
  }

  private static List<Wanted> files(int count, int length) {
    return IntStream.range(0, count)
        .mapToObj(i -> "%d-%d".formatted(length, i))
        .map(name -> new Wanted(name, length, Digest.ofText(name)))
        .toList();
  }
}
