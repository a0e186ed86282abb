package freshet.replicator.publish;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.files.Digest;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.MergeRecipe;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipePlacerIT {
  private static final FileEntry SOURCE =
      new FileEntry("_1.cfs", 10, Digest.ofText("_1.cfs"), "_1");
  private static final FileEntry DELETED =
      new FileEntry("_1_2.liv", 10, Digest.ofText("_1_2.liv"), "_1");

  @TempDir Path folder;
  private RecipePlacer placer;

  @BeforeEach
  void start() {
    placer = new RecipePlacer(folder);
  }

  @Test
  void aRecipeIsWrittenWithTheFilesOfItsSources() throws IOException {
    FileEntry entry = placer.place(recipe("_3", 'a', "_1"), List.of(SOURCE, DELETED)).orElseThrow();

    byte[] bytes = Files.readAllBytes(folder.resolve("_3.recipe"));
    assertThat(entry).isEqualTo(new FileEntry("_3.recipe", bytes.length, Digest.of(bytes), "_3"));
    assertThat(SnapshotCodec.read(bytes, MergeRecipe.class, "it").sources().getFirst().files())
        .containsExactly(SOURCE);
  }

  @Test
  void theSameRecipeStaysAndAnotherOfThatNameIsLeftOut() throws IOException {
    FileEntry first = placer.place(recipe("_3", 'a', "_1"), List.of(SOURCE)).orElseThrow();

    assertThat(placer.place(recipe("_3", 'a', "_1"), List.of())).contains(first);
    assertThat(placer.place(recipe("_3", 'b', "_1"), List.of())).isEmpty();
    Files.writeString(folder.resolve("_3.recipe"), "damaged");
    assertThat(placer.place(recipe("_3", 'a', "_1"), List.of())).isEmpty();
  }

  @Test
  void onlyMergesThatLeadToTheCommitAreListed() throws IOException {
    List<MergeRecipe> recipes =
        List.of(recipe("_3", 'a', "_1"), recipe("_4", 'b', "_2"), recipe("_5", 'c', "_3"));

    assertThat(placer.place(recipes, List.of(), List.of(SOURCE), Set.of("_5", "_6")))
        .extracting(FileEntry::segment)
        .containsExactly("_3", "_5");
  }

  @Test
  void theNewestStay() throws IOException {
    List<FileEntry> before = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String segment = "_" + Integer.toString(10 + i, Character.MAX_RADIX);
      MergeRecipe recipe = recipe(segment, 'a', "_1");
      before = placer.place(List.of(recipe), before, List.of(SOURCE), Set.of(segment));
    }

    assertThat(before).hasSize(RecipePlacer.KEPT);
    assertThat(before.getLast().segment()).isEqualTo("_t");
  }

  private static MergeRecipe recipe(String segment, char id, String source) {
    return new MergeRecipe(
        1,
        segment,
        String.valueOf(id).repeat(32),
        true,
        "fingerprint",
        List.of(new MergeRecipe.Source(source, "0".repeat(32), 5, null, List.of())));
  }
}
