package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import freshet.replicator.app.ReplicatorMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the docs tell people to run can be run, and where they lead there is something. */
class DocsIT {
  private static final Path HOME = Path.of(System.getProperty("freshet.home", ".."));
  private static final Path OPERATIONS = HOME.resolve("docs/operations.md");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```\\w*\\n(.*?)^```$");
  private static final Pattern INLINE = Pattern.compile("`(bin/(?:indexer|replicator) [^`]+)`");
  private static final Pattern COMMAND =
      Pattern.compile("(?m)^(?:runuser -u freshet -- )?(bin/(?:indexer|replicator) .*)$");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

  @Test
  void everyCommandOfTheRunbookIsOneThatTheVerbsTake() throws IOException {
    String text = Files.readString(OPERATIONS);
    List<String> commands = new ArrayList<>();
    all(BLOCK, text)
        .forEach(block -> all(COMMAND, block.group(1)).forEach(one -> commands.add(one.group(1))));
    all(INLINE, text).forEach(one -> commands.add(one.group(1)));

    assertThat(commands).hasSizeGreaterThan(60);
    assertThat(commands)
        .allSatisfy(
            command -> assertThatCode(() -> parse(command)).as(command).doesNotThrowAnyException());
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(HOME.resolve("README.md")));
    try (Stream<Path> docs = Files.walk(HOME.resolve("docs"))) {
      docs.filter(page -> page.toString().endsWith(".md")).forEach(pages::add);
    }
    List<String> broken = new ArrayList<>();
    for (Path page : pages) {
      for (MatchResult link : all(LINK, Files.readString(page)).toList()) {
        if (!leadsSomewhere(page, link.group(1))) {
          broken.add(HOME.relativize(page) + ": " + link.group(1));
        }
      }
    }

    assertThat(pages).hasSizeGreaterThan(50);
    assertThat(broken).isEmpty();
  }

  private static void parse(String command) {
    List<String> words =
        all(WORD, command.replaceFirst("\\s+#.*", ""))
            .map(DocsIT::unquoted)
            .collect(Collectors.toList());
    String program = words.removeFirst();
    String[] arguments = words.toArray(String[]::new);
    CommandLine line =
        program.endsWith("indexer")
            ? IndexerMain.commandLine(arguments)
            : ReplicatorMain.commandLine(arguments);
    CommandLine.ParseResult parsed = line.parseArgs(arguments);
    assertThat(parsed.hasSubcommand()).isTrue();
  }

  private static String unquoted(MatchResult word) {
    return Stream.of(1, 2, 3)
        .map(word::group)
        .filter(group -> group != null)
        .findFirst()
        .orElseThrow();
  }

  private static boolean leadsSomewhere(Path page, String link) throws IOException {
    if (link.contains("://")) {
      return true;
    }
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
    return Files.exists(target)
        && (parts.length == 1 || anchors(Files.readString(target)).contains(parts[1]));
  }

  /** As web pages of repositories make them of headings. */
  private static Set<String> anchors(String markdown) {
    return all(HEADING, markdown)
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  private static Stream<MatchResult> all(Pattern pattern, String text) {
    return pattern.matcher(text).results();
  }
}
