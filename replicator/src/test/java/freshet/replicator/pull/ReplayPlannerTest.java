package freshet.replicator.pull;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.files.Digest;
import freshet.replicator.replay.MergeCodec;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.MergeRecipe;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReplayPlannerTest {
  private static final String FOLDER = "cities/x/0123456789abcdef";
  private static final String HERE = MergeCodec.BEST_SPEED.fingerprint();

  private final List<MergeRecipe> recipes = new ArrayList<>();
  private final Set<FileEntry> store = new HashSet<>();

  @Test
  void aMergeOfSegmentsThatAreHereIsReplayed() {
    recipe("_3", HERE, source("_1", 5_000), source("_2", 5_000));
    here("_1", 5_000);
    here("_2", 5_000);

    Replay replay = plan(ReplayMode.AUTO, "_3", 9_000).orElseThrow();

    assertThat(replay.links())
        .containsEntry("_1.cfs", FOLDER + "/_1.cfs")
        .containsEntry("_2.cfs", FOLDER + "/_2.cfs");
    assertThat(replay.fetches()).isEmpty();
    assertThat(replay.segment()).isEqualTo("_3");
    assertThat(replay.outputs()).containsExactly(file("_3", ".cfs", 9_000));
    assertThat(plan(ReplayMode.NEVER, "_3", 9_000)).isEmpty();
  }

  @Test
  void whatAnotherHostWouldMakeOtherwiseIsFetched() {
    recipe("_3", "lucene-9.0.0 Lucene90 BEST_SPEED", source("_1", 5_000));
    here("_1", 5_000);

    assertThat(plan(ReplayMode.ALWAYS, "_3", 9_000)).isEmpty();
  }

  @Test
  void aSmallSegmentIsNotWorthAMerge() {
    recipe("_3", HERE, source("_1", 5_000));
    here("_1", 5_000);

    assertThat(plan(ReplayMode.ALWAYS, "_3", 1_000)).isEmpty();
  }

  @Test
  void aCascadeIsReplayedFromItsBeginning() {
    recipe("_3", HERE, source("_1", 5_000), source("_2", 5_000));
    recipe("_5", HERE, source("_3", 0), source("_4", 5_000));
    here("_1", 5_000);
    here("_2", 5_000);
    here("_4", 5_000);

    Replay replay = plan(ReplayMode.AUTO, "_5", 14_000).orElseThrow();

    assertThat(replay.merges()).extracting(MergeRecipe::segment).containsExactly("_3", "_5");
    assertThat(replay.links()).containsOnlyKeys("_1.cfs", "_2.cfs", "_4.cfs");
  }

  @Test
  void aSkippedSmallSegmentIsFetchedIfThatSavesBytes() {
    recipe("_3", HERE, source("_1", 20_000), source("_2", 6_000));
    here("_1", 20_000);

    assertThat(plan(ReplayMode.AUTO, "_3", 25_000).orElseThrow().fetches())
        .containsExactly(file("_2", ".cfs", 6_000));
    assertThat(plan(ReplayMode.AUTO, "_3", 11_000)).as("less than half is saved").isEmpty();
    assertThat(plan(ReplayMode.ALWAYS, "_3", 11_000)).isPresent();
    assertThat(plan(ReplayMode.ALWAYS, "_3", 6_000)).as("nothing is saved").isEmpty();
  }

  @Test
  void aSourceThatWasNeverPublishedAndHasNoRecipeMeansAFetch() {
    recipe("_3", HERE, source("_1", 20_000), source("_2", 0));
    here("_1", 20_000);

    assertThat(plan(ReplayMode.ALWAYS, "_3", 25_000)).isEmpty();
  }

  @Test
  void recipesInACircleAreNoRecipes() {
    recipe("_3", HERE, source("_5", 0));
    recipe("_5", HERE, source("_3", 0));

    assertThat(plan(ReplayMode.ALWAYS, "_5", 14_000)).isEmpty();
  }

  private Optional<Replay> plan(ReplayMode mode, String segment, long bytes) {
    Map<String, MergeRecipe> bySegment =
        recipes.stream().collect(Collectors.toMap(MergeRecipe::segment, Function.identity()));
    return new ReplayPlanner(
            FOLDER,
            bySegment,
            file -> store.contains(file) ? FOLDER + "/" + file.name() : null,
            ReplayRule.of(mode))
        .plan(
            segment,
            List.of(
                file(segment, ".cfs", bytes),
                file(segment, ".si", 300),
                file(segment, "_1.liv", 99)));
  }

  private void recipe(String segment, String fingerprint, MergeRecipe.Source... sources) {
    recipes.add(new MergeRecipe(1, segment, id(segment), true, fingerprint, List.of(sources)));
  }

  private void here(String segment, long bytes) {
    store.add(file(segment, ".cfs", bytes));
  }

  /** Of 0 bytes: one that was never published. */
  private static MergeRecipe.Source source(String segment, long bytes) {
    List<FileEntry> files = bytes == 0 ? List.of() : List.of(file(segment, ".cfs", bytes));
    return new MergeRecipe.Source(segment, id(segment), 10, null, files);
  }

  private static FileEntry file(String segment, String suffix, long bytes) {
    String name = segment + suffix;
    return new FileEntry(name, bytes, Digest.ofText(name), segment);
  }

  private static String id(String segment) {
    return Digest.ofText(segment).hex().substring(0, 32);
  }
}
