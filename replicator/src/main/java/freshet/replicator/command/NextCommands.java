package freshet.replicator.command;

import freshet.replicator.runtime.ShellWord;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The commands of a program that a text names, each with the configuration that the verb was given:
 * as they stand they would act on the role's own one, which may be of another database.
 *
 * @param program such as {@code bin/indexer}
 * @param config as it was given
 */
record NextCommands(String program, Path config) {
  /** Behind these words stands the verb itself. */
  private static final String GROUPS = "(?:(?:city|incident|quarantine|snapshots) )?+";

  /** The text with commands that can be run; JSON, which programs read, as it is. */
  String in(String text) {
    if (text.startsWith("{") || text.startsWith("[")) {
      return text;
    }
    // A process that runs is named by its verb; it has its own configuration.
    Pattern command =
        Pattern.compile(Pattern.quote(program + " ") + GROUPS + "[a-z-]++(?!, process| --config)");
    String option = " --config " + ShellWord.of(config.toString());
    return command
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(found.group() + option));
  }
}
