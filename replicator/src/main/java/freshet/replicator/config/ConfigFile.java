package freshet.replicator.config;

import freshet.replicator.runtime.IoReason;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

/**
 * A YAML configuration file that is being read: ask its sections for every key that is known, build
 * a value with {@link ConfigSection#make}, then {@link #finish}. Used by one thread.
 *
 * <p>Relative paths in the file start at its {@link #home}: the folder that its key {@code home}
 * names, itself relative to the file's folder, which is also the default.
 */
public final class ConfigFile {
  private static final long MAX_BYTES = 1 << 20;

  private final ConfigReading reading;
  private final ConfigSection root;

  private ConfigFile(ConfigReading reading, ConfigSection root) {
    this.reading = reading;
    this.root = root;
  }

  /**
   * Reads a file.
   *
   * @param environment what references in values are replaced by, as a rule {@code System.getenv()}
   * @throws ConfigException if there is no such file or it is no text; all else is reported by
   *     {@link #finish}
   */
  public static ConfigFile read(Path file, Map<String, String> environment) throws ConfigException {
    return ofText(textOf(file), file, environment);
  }

  /** Reads a text as if it stood in that file. */
  static ConfigFile ofText(String text, Path file, Map<String, String> environment) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    if (folder == null) {
      folder = file.toAbsolutePath();
    }
    ConfigReading reading =
        new ConfigReading(file.toString(), folder, new Environment(environment));
    ConfigNode.Mapping tree = YamlTree.read(text, reading);
    ConfigSection root = new ConfigSection(reading, "", "", tree, 1);
    Path home = folder.resolve(root.text("home", ".")).normalize();
    reading.moveHome(home);
    return new ConfigFile(reading, root);
  }

  /** The section of the file's top-level keys. */
  public ConfigSection root() {
    return root;
  }

  /** The folder where relative paths of this file start. */
  public Path home() {
    return reading.home();
  }

  /**
   * Ends the reading.
   *
   * @throws ConfigException with all problems, unknown keys included
   */
  public <T> T finish(Made<T> made) throws ConfigException {
    for (ConfigSection section : List.copyOf(reading.sections())) {
      section.unreadKeys().forEach(key -> reportUnknown(section, key));
    }
    if (reading.problemCount() > 0) {
      throw new ConfigException(reading.problems());
    }
    return made.get();
  }

  /** Every key that was asked for, with {@code []} for a position in a list. */
  public SortedSet<String> askedKeys() {
    return reading.asked();
  }

  private void reportUnknown(ConfigSection section, String key) {
    Optional<String> near = Nearest.to(key, section.knownKeys());
    String elsewhere =
        near.isPresent()
            ? null
            : reading.asked().stream()
                .filter(path -> path.endsWith("." + key) || path.equals(key))
                .findFirst()
                .orElse(null);
    reading.problem(
        section.lineOf(key),
        section.pathOf(key),
        null,
        near.isPresent() || elsewhere != null
            ? "there is no such key"
            : "there is no such key; known here: " + String.join(", ", section.knownKeys()),
        near.orElse(elsewhere));
  }

  private static String textOf(Path file) throws ConfigException {
    String problem;
    try {
      if (Files.isDirectory(file)) {
        problem = "this is a folder: name a file by --config FILE";
      } else if (Files.size(file) <= MAX_BYTES) {
        return Files.readString(file, StandardCharsets.UTF_8);
      } else {
        problem = "the file has more than 1MB: it is no configuration";
      }
    } catch (NoSuchFileException e) {
      problem = "there is no such file: name one by --config FILE";
    } catch (CharacterCodingException e) {
      problem = "the file is not in UTF-8";
    } catch (IOException e) {
      problem = "the file can't be read: " + IoReason.of(e);
    }
    throw new ConfigException(
        List.of(new ConfigProblem(file.toString(), 1, "", null, problem, null)));
  }
}
