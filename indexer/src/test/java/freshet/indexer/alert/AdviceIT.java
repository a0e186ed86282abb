package freshet.indexer.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What incidents tell people to run and to read is there. */
class AdviceIT {
  private static final Path HOME = Path.of(System.getProperty("freshet.home", ".."));
  private static final Pattern CAUSE =
      Pattern.compile("Cause\\.(?:of|effect|aside)\\(\"([a-z-]+)\"");
  private static final Pattern HEADING =
      Pattern.compile("(?:new Advice\\( ?[^,]+,|HEADING =) \"([^\"]+)\"");
  private static final Pattern COMMAND =
      Pattern.compile("\"(bin/(?:indexer|replicator) [a-z][a-z -]*)\"");

  private static final List<String> SOURCES =
      List.of(
          "indexer/src/main/java/freshet/indexer/alert",
          "replicator/src/main/java/freshet/replicator/alert");

  @Test
  void everyCauseIsInTheTableOfTheDocs() throws IOException {
    String docs = Files.readString(HOME.resolve("docs/alerts.md"));
    Set<String> causes = found(CAUSE);

    assertThat(causes).hasSizeGreaterThan(15);
    assertThat(causes).allSatisfy(cause -> assertThat(docs).contains("`" + cause + "`"));
  }

  @Test
  void everyHeadingIsInTroubleshootingAndSaysWhatToRun() throws IOException {
    String[] sections =
        Files.readString(HOME.resolve("docs/troubleshooting.md")).split("(?m)^##+ ", -1);
    Set<String> headings = found(HEADING);

    assertThat(headings).hasSizeGreaterThan(15);
    assertThat(headings)
        .allSatisfy(
            heading ->
                assertThat(sections)
                    .filteredOn(section -> section.startsWith(heading + "\n"))
                    .singleElement(STRING)
                    .contains("`"));
  }

  @Test
  void everyCauseIsInTheRunbook() throws IOException {
    String operations = Files.readString(HOME.resolve("docs/operations.md"));

    assertThat(found(CAUSE))
        .allSatisfy(cause -> assertThat(operations).contains("| `" + cause + "` |"));
  }

  @Test
  void everyNextCommandIsAVerb() throws IOException {
    Set<String> documented =
        Files.readAllLines(HOME.resolve("docs/configuration.md")).stream()
            .filter(line -> line.startsWith("| `bin/"))
            .flatMap(AdviceIT::verbs)
            .collect(Collectors.toSet());
    Set<String> commands = found(COMMAND);

    assertThat(commands).contains("bin/indexer doctor", "bin/replicator snapshots list");
    assertThat(commands)
        .allSatisfy(command -> assertThat(documented).contains(command.replaceFirst(" --.*", "")));
  }

  /** {@code bin/replicator snapshots list\|show GENERATION} documents two. */
  private static Stream<String> verbs(String row) {
    String command = row.substring(3, row.indexOf('`', 3)).replace("\\|", "|");
    String[] words = command.split(" ", -1);
    String last =
        words.length > 2 && words[2].matches("[a-z][a-z-]*(\\|[a-z][a-z-]*)*")
            ? " " + words[2]
            : "";
    return Arrays.stream(last.isEmpty() ? new String[] {""} : last.strip().split("\\|", -1))
        .map(word -> "%s %s %s".formatted(words[0], words[1], word).strip());
  }

  private static Set<String> found(Pattern pattern) throws IOException {
    Set<String> found = new TreeSet<>();
    for (String folder : SOURCES) {
      try (Stream<Path> files = Files.list(HOME.resolve(folder))) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          String text = Files.readString(file).replaceAll("\\s+", " ");
          pattern.matcher(text).results().map(AdviceIT::first).forEach(found::add);
        }
      }
    }
    return found;
  }

  private static String first(MatchResult result) {
    return result.group(1);
  }
}
