package freshet.replicator.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The rules and the dashboard in conf/ are valid, and ask for nothing that is not there. */
class PrometheusFilesIT {
  private static final Path HOME = Path.of(System.getProperty("freshet.home", ".."));
  private static final Path RULES = HOME.resolve("conf/alert-rules.yml");
  private static final Path DASHBOARD = HOME.resolve("conf/grafana-dashboard.json");
  private static final Pattern METRIC = Pattern.compile("\\bfreshet_[a-z_]+");
  private static final Pattern DOCUMENTED = Pattern.compile("`(freshet_[a-z_]+)(?:\\{[a-z,]*})?`");

  private static Promtool promtool() {
    Promtool promtool = Promtool.find().orElse(null);
    Assumptions.assumeTrue(promtool != null, Promtool.MISSING);
    return promtool;
  }

  @Test
  void theRulesAreValid() throws Exception {
    assertThat(promtool().run("", "check", "rules", RULES.toString())).isEmpty();
  }

  @Test
  void theRulesFireWhenTheyShould() throws Exception {
    String tests = HOME.resolve("conf/alert-rules-test.yml").toString();
    assertThat(promtool().run("", "test", "rules", tests)).isEmpty();
  }

  @Test
  void everyRuleIsTestedAndLeadsToAPageThatExists() throws Exception {
    String tests = Files.readString(HOME.resolve("conf/alert-rules-test.yml"));
    for (JsonNode group : new YAMLMapper().readTree(RULES.toFile()).path("groups")) {
      for (JsonNode rule : group.path("rules")) {
        String alert = rule.path("alert").asText();
        assertThat(tests).contains("alertname: " + alert + "\n");
        String[] runbook = rule.path("annotations").path("runbook").asText().split("#", 2);
        String page = Files.readString(HOME.resolve(runbook[0]));
        if (runbook.length == 2) {
          assertThat(anchors(page)).as(alert).contains(runbook[1]);
        }
      }
    }
  }

  @Test
  void rulesAndDashboardAskForDocumentedMetricsOnly() throws Exception {
    Set<String> documented = documented();
    assertThat(documented).hasSizeGreaterThan(60);
    Set<String> asked = new TreeSet<>(metrics(Files.readString(RULES)));
    JsonNode dashboard = new ObjectMapper().readTree(DASHBOARD.toFile());
    dashboard.findValuesAsText("expr").forEach(expression -> asked.addAll(metrics(expression)));
    assertThat(asked).hasSizeGreaterThan(20);
    assertThat(asked)
        .allSatisfy(
            name -> assertThat(documented).contains(name.replaceFirst("_(bucket|count|sum)$", "")));
  }

  @Test
  void theDashboardIsOneThatGrafanaTakes() throws Exception {
    JsonNode dashboard = new ObjectMapper().readTree(DASHBOARD.toFile());
    assertThat(dashboard.path("title").asText()).isEqualTo("Freshet");
    assertThat(dashboard.path("schemaVersion").asInt()).isPositive();
    Set<Integer> ids = new TreeSet<>();
    for (JsonNode panel : dashboard.path("panels")) {
      assertThat(ids.add(panel.path("id").asInt())).isTrue();
      assertThat(panel.path("title").asText()).isNotEmpty();
      JsonNode place = panel.path("gridPos");
      assertThat(place.path("x").asInt() + place.path("w").asInt()).isBetween(1, 24);
      assertThat(panel.path("targets")).isNotEmpty();
      for (JsonNode target : panel.path("targets")) {
        assertThat(target.path("datasource").path("uid").asText()).isEqualTo("${datasource}");
      }
    }
    assertThat(ids).hasSizeGreaterThan(15);
  }

  @Test
  void promqlOfTheDashboardIsValid() throws Exception {
    Promtool promtool = promtool();
    StringBuilder rules = new StringBuilder("groups:\n- name: g\n  rules:\n");
    Consumer<String> add =
        expression ->
            rules
                .append("  - record: a:b\n    labels: {n: \"" + rules.length() + "\"}\n    expr: '")
                .append(expression.replace("$__rate_interval", "1m").replace("'", "''"))
                .append("'\n");
    new ObjectMapper().readTree(DASHBOARD.toFile()).findValuesAsText("expr").forEach(add);
    Path file = Files.createTempFile("dashboard", ".yml");
    try {
      Files.writeString(file, rules);
      assertThat(promtool.run("", "check", "rules", file.toString())).isEmpty();
    } finally {
      Files.delete(file);
    }
  }

  private static Set<String> documented() throws IOException {
    Matcher matcher = DOCUMENTED.matcher(Files.readString(HOME.resolve("docs/configuration.md")));
    Set<String> names = new TreeSet<>();
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  private static Set<String> metrics(String text) {
    Matcher matcher = METRIC.matcher(text);
    Set<String> names = new TreeSet<>();
    while (matcher.find()) {
      names.add(matcher.group());
    }
    return names;
  }

  /** As GitHub makes them of headings. */
  private static List<String> anchors(String page) {
    return page.lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^\\p{L}\\p{N}_ -]", "").replace(' ', '-'))
        .collect(Collectors.toList());
  }
}
