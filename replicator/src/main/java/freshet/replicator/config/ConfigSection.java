package freshet.replicator.config;

import freshet.replicator.config.ConfigNode.Entry;
import freshet.replicator.config.ConfigNode.Mapping;
import freshet.replicator.config.ConfigNode.Nothing;
import freshet.replicator.config.ConfigNode.Scalar;
import freshet.replicator.config.ConfigNode.Sequence;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The keys below one key. A getter that finds a problem notes it and returns a stand-in, so that
 * one reading finds them all; {@link #make} then makes nothing of it. A key that no getter asked
 * for is unknown.
 */
public final class ConfigSection {
  private static final Duration MAX_TIMEOUT = Duration.ofDays(1);

  private final ConfigReading reading;
  private final String path;
  private final String shape;
  private final Mapping node;
  private final int line;
  private final SortedSet<String> known = new TreeSet<>();
  private final Map<String, ConfigSection> opened = new HashMap<>();

  ConfigSection(ConfigReading reading, String path, String shape, Mapping node, int line) {
    this.reading = reading;
    this.path = path;
    this.shape = shape;
    this.node = node;
    this.line = line;
    reading.opened(this);
  }

  /** Whether the file has this key. */
  public boolean has(String key) {
    return entry(key) != null;
  }

  /** A text that must be there and not be empty. */
  public String text(String key) {
    return parsed(key, null, "a text is required", "", ConfigSection::notEmpty);
  }

  /** A text. */
  public String text(String key, String otherwise) {
    return optionalText(key).orElse(otherwise);
  }

  /** A text that may be absent. */
  public Optional<String> optionalText(String key) {
    return optional(key, "a text is expected", ConfigSection::notEmpty);
  }

  /** {@code true} or {@code false}. */
  public boolean flag(String key, boolean otherwise) {
    return optional(
            key,
            "true or false is expected",
            text ->
                switch (text) {
                  case "true" -> true;
                  case "false" -> false;
                  default -> throw new IllegalArgumentException();
                })
        .orElse(otherwise);
  }

  /** A whole number within bounds, which count as allowed. */
  public int number(String key, int otherwise, int least, int most) {
    return optional(
            key,
            "a whole number from %d to %d is expected".formatted(least, most),
            text -> {
              int number = Integer.parseInt(text);
              if (number < least || number > most) {
                throw new IllegalArgumentException();
              }
              return number;
            })
        .orElse(otherwise);
  }

  /** A size in bytes, at least this one. */
  public long size(String key, long otherwise, long least) {
    String expected =
        "a size is a number with B, KB, MB, GB or TB, such as 64MB, and at least "
            + Sizes.show(least);
    return optional(
            key,
            expected,
            text -> {
              OptionalLong bytes = Sizes.parse(text);
              if (bytes.isEmpty() || bytes.getAsLong() < least) {
                throw new IllegalArgumentException();
              }
              return bytes.getAsLong();
            })
        .orElse(otherwise);
  }

  /** A duration, zero allowed. */
  public Duration duration(String key, Duration otherwise) {
    return optional(
            key,
            "a duration is a number with ms, s, m, h or d, such as 10m",
            text -> Durations.parse(text).orElseThrow(IllegalArgumentException::new))
        .orElse(otherwise);
  }

  /**
   * How long to wait for something: finite and above zero. A wait without an end is how a poll or a
   * pull hangs for ever, so that nothing is said while the index grows old.
   */
  public Duration timeout(String key, Duration otherwise) {
    String expected =
        "a time-out must be finite and above zero, such as " + Durations.show(otherwise);
    return optional(
            key,
            expected,
            text -> {
              Duration duration = Durations.parse(text).orElseThrow(IllegalArgumentException::new);
              if (duration.isZero()) {
                throw new IllegalArgumentException();
              }
              if (duration.compareTo(MAX_TIMEOUT) > 0) {
                throw new IllegalArgumentException("a time-out above 1d is none at all");
              }
              return duration;
            })
        .orElse(otherwise);
  }

  /** One of an enum's names, in lower case. */
  public <E extends Enum<E>> E choice(String key, Class<E> type, @Nullable E otherwise) {
    E[] all = type.getEnumConstants();
    List<String> names = Arrays.stream(all).map(ConfigSection::nameOf).toList();
    String expected = "one of " + String.join(", ", names) + " is expected";
    String written = scalar(key, otherwise == null ? expected : null, false);
    E standIn = otherwise == null ? all[0] : otherwise;
    if (written == null) {
      return standIn;
    }
    int at = names.indexOf(written);
    if (at < 0) {
      reading.problem(
          lineOf(key), pathOf(key), raw(key), expected, Nearest.to(written, names).orElse(null));
      return standIn;
    }
    return all[at];
  }

  /** A path that must be there, relative to the file's home. */
  public Path path(String key) {
    return parsed(key, null, "a path is required", reading.home(), this::resolved);
  }

  /** A path, relative to the file's home. */
  public Path path(String key, String otherwise) {
    return optionalPath(key).orElseGet(() -> resolved(otherwise));
  }

  /** A path that may be absent, relative to the file's home. */
  public Optional<Path> optionalPath(String key) {
    return optional(key, "a path is expected", this::resolved);
  }

  /**
   * A text that something else knows how to read.
   *
   * @param otherwise the text that stands for an absent key; null if the key must be there
   * @param expected what is said if the parser refuses without a message of its own
   * @param standIn what is returned with a problem
   * @param parser throws an {@code IllegalArgumentException} for a text that it can't read, whose
   *     message, if it has one, says what is expected
   */
  public <T> T parsed(
      String key,
      @Nullable String otherwise,
      String expected,
      T standIn,
      Function<String, T> parser) {
    String text = scalar(key, otherwise == null ? expected : null, false);
    if (text == null) {
      return otherwise == null ? standIn : parser.apply(otherwise);
    }
    return tried(key, text, expected, parser).orElse(standIn);
  }

  /** Like {@link #parsed}, for a key that may be absent. */
  public <T> Optional<T> optional(String key, String expected, Function<String, T> parser) {
    String text = scalar(key, null, false);
    return text == null ? Optional.empty() : tried(key, text, expected, parser);
  }

  /** Like {@link #optional}, for a value that may hold a secret: no problem shows it. */
  public <T> Optional<T> optionalHidden(String key, String expected, Function<String, T> parser) {
    String text = scalar(key, null, false);
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(parser.apply(text));
    } catch (IllegalArgumentException e) {
      reading.problem(lineOf(key), pathOf(key), Secret.MASK, expected);
      return Optional.empty();
    }
  }

  /** A list of texts; empty if absent. */
  public List<String> texts(String key) {
    Entry entry = entry(key);
    List<String> texts = new ArrayList<>();
    if (entry == null || entry.value() instanceof Nothing) {
      return texts;
    }
    if (!(entry.value() instanceof Sequence sequence)) {
      problem(key, "a list is expected, such as [title, body]");
      return texts;
    }
    for (ConfigNode item : sequence.items()) {
      if (item instanceof Scalar scalar) {
        texts.add(expanded(scalar.line(), pathOf(key), scalar.text(), false));
      } else {
        reading.problem(item.line(), pathOf(key), null, "a list of texts is expected");
      }
    }
    return texts;
  }

  /** The keys below a key; none of them if it is absent. The same section whenever asked. */
  public ConfigSection section(String key) {
    ConfigSection known = opened.get(key);
    if (known != null) {
      return known;
    }
    Entry entry = entry(key);
    int at = entry == null ? line : entry.line();
    Mapping below = new Mapping(at, Map.of());
    if (entry != null && entry.value() instanceof Mapping mapping) {
      below = mapping;
    } else if (entry != null && !(entry.value() instanceof Nothing)) {
      problem(key, "keys are expected below it");
    }
    ConfigSection section = new ConfigSection(reading, pathOf(key), shapeOf(key), below, at);
    opened.put(key, section);
    return section;
  }

  /** A list of sections, of which there must be at least one. */
  public List<ConfigSection> sections(String key) {
    Entry entry = entry(key);
    List<ConfigSection> sections = new ArrayList<>();
    if (entry == null || !(entry.value() instanceof Sequence sequence)) {
      problem(key, (entry == null ? "missing: " : "") + "a list is required");
      return sections;
    }
    if (sequence.items().isEmpty()) {
      problem(key, "at least one entry is required");
    }
    for (int i = 0; i < sequence.items().size(); i++) {
      ConfigNode item = sequence.items().get(i);
      if (item instanceof Mapping mapping) {
        sections.add(
            new ConfigSection(
                reading, pathOf(key) + "[" + i + "]", shapeOf(key) + "[]", mapping, item.line()));
      } else {
        reading.problem(item.line(), pathOf(key) + "[" + i + "]", null, "keys are expected here");
      }
    }
    return sections;
  }

  /**
   * A secret that may be absent: {@code KEY}, {@code KEY_file} or {@code KEY_command}, one of them.
   */
  public Optional<Secret> optionalSecret(String key) {
    String literal = scalar(key, null, true);
    Optional<Path> file = optionalPath(key + "_file");
    Optional<String> command = optionalText(key + "_command");
    int given =
        (literal == null ? 0 : 1) + (file.isPresent() ? 1 : 0) + (command.isPresent() ? 1 : 0);
    if (given > 1) {
      List<String> keys = List.of(key, key + "_file", key + "_command");
      int first = keys.stream().filter(this::has).mapToInt(this::lineOf).min().orElse(line);
      reading.problem(
          first, pathOf(key), null, "one of these is expected: " + String.join(", ", keys));
      return Optional.empty();
    }
    if (file.isPresent() && !java.nio.file.Files.isReadable(file.get())) {
      problem(
          key + "_file", "a file that this user can read is expected, found none at " + file.get());
      return Optional.empty();
    }
    if (literal != null) {
      return Optional.of(Secret.literal(literal));
    }
    return file.map(Secret::ofFile).or(() -> command.map(Secret::ofCommand));
  }

  /** A secret that must be there. */
  public Secret secret(String key) {
    int before = reading.problemCount();
    Optional<Secret> secret = optionalSecret(key);
    if (secret.isEmpty() && reading.problemCount() == before) {
      reading.problem(
          line,
          pathOf(key),
          null,
          "missing: one of %s, %s_file, %s_command is required".formatted(key, key, key));
    }
    return secret.orElseGet(() -> Secret.literal(""));
  }

  /** Notes a problem with a key that only its user can see, such as one between two keys. */
  public void problem(String key, String expected) {
    reading.problem(lineOf(key), pathOf(key), raw(key), expected);
  }

  /**
   * Makes a value of what was read, if this section has no problem so far. A value that refuses its
   * parts by an {@code IllegalArgumentException} is a problem of this section.
   */
  public <T> Made<T> make(Supplier<T> maker) {
    if (reading.hasProblemBelow(path)) {
      return new Made<>(null);
    }
    try {
      return new Made<>(maker.get());
    } catch (Made.Nothing e) {
      // It also takes in another section, which has a problem.
      return new Made<>(null);
    } catch (IllegalArgumentException e) {
      reading.problem(line, path, null, String.valueOf(e.getMessage()));
      return new Made<>(null);
    }
  }

  SortedSet<String> knownKeys() {
    return known;
  }

  List<String> unreadKeys() {
    return node.entries().keySet().stream().filter(key -> !known.contains(key)).toList();
  }

  String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  int lineOf(String key) {
    Entry entry = node.entries().get(key);
    return entry == null ? line : entry.line();
  }

  private String shapeOf(String key) {
    return shape.isEmpty() ? key : shape + "." + key;
  }

  private @Nullable Entry entry(String key) {
    known.add(key);
    reading.asked(shapeOf(key));
    return node.entries().get(key);
  }

  private @Nullable String scalar(String key, @Nullable String whyRequired, boolean secret) {
    Entry entry = entry(key);
    if (entry == null) {
      if (whyRequired != null) {
        reading.problem(line, pathOf(key), null, "missing: " + whyRequired);
      }
      return null;
    }
    return switch (entry.value()) {
      case Scalar scalar -> expanded(scalar.line(), pathOf(key), scalar.text(), secret);
      case Nothing nothing -> {
        reading.problem(
            nothing.line(), pathOf(key), null, "the key has no value: give one, or remove the key");
        yield null;
      }
      case Mapping mapping -> {
        reading.problem(entry.line(), pathOf(key), null, "a single value is expected, found keys");
        yield null;
      }
      case Sequence sequence -> {
        reading.problem(
            entry.line(), pathOf(key), null, "a single value is expected, found a list");
        yield null;
      }
    };
  }

  private String expanded(int at, String key, String text, boolean secret) {
    try {
      return reading.environment().expand(text, secret);
    } catch (IllegalArgumentException e) {
      reading.problem(at, key, secret ? Secret.MASK : text, String.valueOf(e.getMessage()));
      return text;
    }
  }

  private <T> Optional<T> tried(
      String key, String text, String expected, Function<String, T> parser) {
    try {
      return Optional.of(parser.apply(text));
    } catch (NumberFormatException e) {
      problem(key, expected);
    } catch (IllegalArgumentException e) {
      problem(key, e.getMessage() == null ? expected : e.getMessage());
    }
    return Optional.empty();
  }

  private @Nullable String raw(String key) {
    Entry entry = node.entries().get(key);
    return entry != null && entry.value() instanceof Scalar scalar ? scalar.text() : null;
  }

  private Path resolved(String text) {
    try {
      return reading.home().resolve(text).normalize();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("this is no path: " + e.getReason(), e);
    }
  }

  private static String notEmpty(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException();
    }
    return text;
  }

  private static String nameOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
