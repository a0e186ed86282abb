package freshet.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.doctor.Ailment;
import freshet.indexer.session.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whoever is sent to a heading of docs/troubleshooting.md finds it there. */
class TroubleshootingIT {
  private static final Path HOME = Path.of(System.getProperty("freshet.home", ".."));
  private static final Pattern NAMED = Pattern.compile("\"(What if [^\"]*\\?)\"");

  private static Set<String> headings;

  @BeforeAll
  static void read() throws IOException {
    headings =
        Files.readAllLines(HOME.resolve("docs/troubleshooting.md")).stream()
            .filter(line -> line.startsWith("#"))
            .map(line -> line.replaceFirst("^#+ ", ""))
            .collect(Collectors.toSet());
  }

  @Test
  void everyClassOfFailureHasItsHeading() {
    assertThat(headings)
        .containsAll(
            Arrays.stream(SourceException.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .toList());
  }

  @Test
  void everyFamilyOfFindingsHasItsHeading() {
    assertThat(headings).containsAll(Stream.of(Ailment.values()).map(Ailment::heading).toList());
  }

  @Test
  void everyHeadingThatTheSourceNamesIsThere() throws IOException {
    Set<String> named = new TreeSet<>();
    for (String module : List.of("indexer", "replicator")) {
      try (Stream<Path> files = Files.walk(HOME.resolve(module).resolve("src/main/java"))) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          NAMED.matcher(Files.readString(file)).results().forEach(hit -> named.add(hit.group(1)));
        }
      }
    }
    assertThat(named).isNotEmpty();
    assertThat(headings).containsAll(named);
  }
}
