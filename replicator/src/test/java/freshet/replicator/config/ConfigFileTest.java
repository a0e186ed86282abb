package freshet.replicator.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ConfigFileTest {
  private enum Mode {
    OFF,
    VERIFY_CA
  }

  @Test
  void everyKindOfValueIsRead() throws ConfigException {
    String text =
        """
        name: main   # a comment
        ratio: 7
        on: true
        mode: verify_ca
        gap: 20s
        cache: 64MB
        folder: data/index
        words: [one, "two"]
        nested:
          deep: 'x: y'
        list:
          - {host: a}
          - host: b
        """;

    List<Object> values =
        read(
            text,
            root -> {
              List<Object> all = new java.util.ArrayList<>();
              all.add(root.text("name"));
              all.add(root.number("ratio", 1, 0, 9));
              all.add(root.flag("on", false));
              all.add(root.choice("mode", Mode.class, Mode.OFF));
              all.add(root.timeout("gap", Duration.ofSeconds(1)));
              all.add(root.size("cache", 1, 1));
              all.add(root.path("folder"));
              all.add(root.texts("words"));
              all.add(root.section("nested").text("deep"));
              all.add(root.sections("list").stream().map(s -> s.text("host")).toList());
              return all;
            });

    assertThat(values)
        .containsExactly(
            "main",
            7,
            true,
            Mode.VERIFY_CA,
            Duration.ofSeconds(20),
            64L << 20,
            Path.of("/etc/freshet/data/index"),
            List.of("one", "two"),
            "x: y",
            List.of("a", "b"));
  }

  @Test
  void allProblemsAreReportedAtOnceByLine() {
    String text =
        """
        source:
          user: reader
          port: many
          timeouts:
            connect: 0s
            read: infinite
        shedule: x
        """;

    assertThat(
            problems(
                text,
                root -> {
                  root.text("schedule", "");
                  ConfigSection source = root.section("source");
                  source.text("user");
                  source.text("database");
                  source.number("port", 3306, 1, 65535);
                  ConfigSection timeouts = source.section("timeouts");
                  timeouts.timeout("connect", Duration.ofSeconds(3));
                  timeouts.timeout("read", Duration.ofSeconds(20));
                  return "";
                }))
        .containsExactly(
            "conf/x.yaml:1: source.database: missing: a text is required",
            "conf/x.yaml:3: source.port: many: a whole number from 1 to 65535 is expected",
            "conf/x.yaml:5: source.timeouts.connect: 0s: a time-out must be finite and above zero,"
                + " such as 3s",
            "conf/x.yaml:6: source.timeouts.read: infinite: a time-out must be finite and above"
                + " zero, such as 20s",
            "conf/x.yaml:7: shedule: there is no such key; did you mean schedule?");
  }

  @Test
  void aKeyInTheWrongSectionIsToldWhereItBelongs() {
    assertThat(
            problems(
                "connect: 3s\n",
                root -> root.section("source").section("timeouts").timeout("connect", second())))
        .containsExactly(
            "conf/x.yaml:1: connect: there is no such key; did you mean source.timeouts.connect?");
  }

  @Test
  void aKeyLikeNoOtherIsToldWhatIsKnown() {
    assertThat(problems("zzzzzz: 1\n", root -> root.text("name", "")))
        .containsExactly("conf/x.yaml:1: zzzzzz: there is no such key; known here: home, name");
  }

  @Test
  void aSectionThatNobodyReadIsOneProblem() {
    assertThat(problems("srever:\n  a: 1\n  b: 2\n", root -> root.section("server").has("a")))
        .containsExactly("conf/x.yaml:1: srever: there is no such key; did you mean server?");
  }

  @Test
  void aRepeatedKeyNamesBothLines() {
    assertThat(problems("a: 1\nb: 2\na: 3\n", root -> root.text("a") + root.text("b")))
        .containsExactly("conf/x.yaml:3: a: the key is there already, in line 1");
  }

  @Test
  void aWrongChoiceIsToldTheRightOnes() {
    assertThat(problems("mode: verify-cq\n", root -> root.choice("mode", Mode.class, Mode.OFF)))
        .containsExactly(
            "conf/x.yaml:1: mode: verify-cq: one of off, verify_ca is expected; did you mean"
                + " verify_ca?");
  }

  @Test
  void aTimeoutAboveADayIsNone() {
    assertThat(problems("gap: 999d\n", root -> root.timeout("gap", second())))
        .containsExactly("conf/x.yaml:1: gap: 999d: a time-out above 1d is none at all");
  }

  @Test
  void aValueOfTheWrongShapeIsNamed() {
    assertThat(
            problems(
                """
                a: [1]
                b: {c: 1}
                c:
                d: x
                e: x
                f: x
                """,
                root -> {
                  root.text("a");
                  root.text("b");
                  root.text("c");
                  root.section("d");
                  root.sections("e");
                  return root.texts("f");
                }))
        .containsExactly(
            "conf/x.yaml:1: a: a single value is expected, found a list",
            "conf/x.yaml:2: b: a single value is expected, found keys",
            "conf/x.yaml:3: c: the key has no value: give one, or remove the key",
            "conf/x.yaml:4: d: x: keys are expected below it",
            "conf/x.yaml:5: e: x: a list is required",
            "conf/x.yaml:6: f: x: a list is expected, such as [title, body]");
  }

  @Test
  void brokenYamlIsNamedWithItsLine() {
    assertThat(problems("a: 1\nb: x: y\n", root -> root.text("c") + root.text("d")))
        .singleElement()
        .asString()
        .startsWith("conf/x.yaml:2: this is no YAML: mapping values are not allowed here");
    assertThat(problems("a: 1\nb: [1,\nc: }\n", root -> ""))
        .singleElement()
        .asString()
        .startsWith("conf/x.yaml:3: this is no YAML: ")
        .doesNotContain("\n");
  }

  @Test
  void aliasesAndSecondDocumentsAreRefused() {
    assertThat(problems("a: &x 1\nb: *x\n---\nc: 1\n", root -> root.text("a") + root.has("b")))
        .containsExactly(
            "conf/x.yaml:2: b: *x: YAML aliases are not read: repeat it",
            "conf/x.yaml:4: a configuration is one YAML document, not several");
  }

  @Test
  void theEnvironmentIsPutIn() throws ConfigException {
    String text = "a: ${HOST}:${PORT:-3306}\nb: ${EMPTY:-full}\nc: $${HOST}\n";
    assertThat(
            ConfigFileTest.<List<String>>read(
                text, root -> List.of(root.text("a"), root.text("b"), root.text("c"))))
        .isEqualTo(List.of("db1:3306", "full", "${HOST}"));
  }

  @Test
  void aVariableThatIsNotSetIsNamed() {
    assertThat(
            problems(
                "a: ${NOWHERE}\nb: ${x y}\nc: ${HOST\n",
                r -> r.text("a") + r.text("b") + r.text("c")))
        .containsExactly(
            "conf/x.yaml:1: a: ${NOWHERE}: the environment variable NOWHERE is not set: set it, or"
                + " write ${NOWHERE:-default}",
            "conf/x.yaml:2: b: ${x y}: a reference is written ${NAME} or ${NAME:-default}, a plain"
                + " ${ as $${",
            "conf/x.yaml:3: c: ${HOST: a reference is written ${NAME} or ${NAME:-default}, a plain"
                + " ${ as $${");
  }

  @Test
  void whatTheEnvironmentHeldIsNotRepeated() {
    assertThat(problems("a: ${HOST}\n", root -> root.number("a", 1, 1, 2)))
        .containsExactly("conf/x.yaml:1: a: ${HOST}: a whole number from 1 to 2 is expected");
  }

  @Test
  void oneOfThreeKeysGivesASecret() {
    assertThat(problems("user: x\n", root -> root.text("user") + root.secret("password")))
        .containsExactly(
            "conf/x.yaml:1: password: missing: one of password, password_file, password_command is"
                + " required");
    assertThat(
            problems("password: hush\npassword_command: cat it\n", root -> root.secret("password")))
        .containsExactly(
            "conf/x.yaml:1: password: one of these is expected: password, password_file, password_command");
    assertThat(problems("password_file: not/there\n", root -> root.secret("password")))
        .containsExactly(
            "conf/x.yaml:1: password_file: not/there: a file that this user can read is expected,"
                + " found none at /etc/freshet/not/there");
    assertThat(problems("password: hush${NOWHERE}\n", root -> root.secret("password")))
        .singleElement()
        .asString()
        .startsWith("conf/x.yaml:1: password: ***: ")
        .doesNotContain("hush");
  }

  @Test
  void aValueThatRefusesItsPartsIsAProblemOfItsSection() {
    assertThat(
            problems(
                "\na: {b: 1}\n",
                root -> {
                  ConfigSection a = root.section("a");
                  a.text("b");
                  return a.<String>make(
                      () -> {
                        throw new IllegalArgumentException("1 is not enough");
                      });
                }))
        .containsExactly("conf/x.yaml:2: a: 1 is not enough");
  }

  @Test
  void nothingIsMadeOfASectionWithAProblem() {
    assertThat(
            problems(
                "a: x\n",
                root -> {
                  root.number("a", 1, 1, 2);
                  return root.make(
                      () -> {
                        throw new AssertionError("must not be made");
                      });
                }))
        .hasSize(1);
  }

  @Test
  void relativePathsStartAtHome() throws ConfigException {
    assertThat(ConfigFileTest.<Path>read("home: ..\nfolder: data\n", r -> r.path("folder")))
        .isEqualTo(Path.of("/etc/data"));
  }

  @Test
  void askedKeysHaveNoPositions() throws ConfigException {
    ConfigFile file = file("list: [{host: a}, {host: b}]\n");
    file.root().sections("list").forEach(item -> item.text("host"));
    assertThat(file.askedKeys()).containsExactly("home", "list", "list[].host");
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> ConfigFile.read(Path.of("/nowhere/x.yaml"), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessage("/nowhere/x.yaml:1: there is no such file: name one by --config FILE");
  }

  @Test
  void longAndControlCharactersStayOnOneLine() {
    assertThat(problems("a: \"" + "x".repeat(200) + "\\n\"\n", root -> root.number("a", 1, 1, 2)))
        .containsExactly(
            "conf/x.yaml:1: a: " + "x".repeat(80) + "…: a whole number from 1 to 2 is expected");
  }

  private static Duration second() {
    return Duration.ofSeconds(1);
  }

  private static ConfigFile file(String text) {
    Map<String, String> environment = Map.of("HOST", "db1", "EMPTY", "");
    return ConfigFile.ofText(text, Path.of("/etc/freshet/x.yaml"), environment);
  }

  private static <T> T read(String text, Function<ConfigSection, T> reader) throws ConfigException {
    ConfigFile file = file(text);
    T value = reader.apply(file.root());
    return file.finish(file.root().make(() -> value));
  }

  private static List<String> problems(String text, Function<ConfigSection, ?> reader) {
    ConfigFile file = file(text);
    Object unused = reader.apply(file.root());
    ConfigException found =
        catchThrowableOfType(
            ConfigException.class, () -> file.finish(file.root().make(() -> "made")));
    assertThat(found).isNotNull();
    assertThat(found.getMessage().lines().count()).isEqualTo(found.problems().size());
    return found
        .getMessage()
        .lines()
        .map(line -> line.replace("/etc/freshet/x.yaml:", "conf/x.yaml:"))
        .toList();
  }
}
