package freshet.replicator.page;

import freshet.replicator.freshness.AgeStage;
import freshet.replicator.freshness.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The ages of the last hour as a picture: one area for each stage, on top of each other in the
 * order of the way of the data, with a line at the limit. Its text alternative is the table of the
 * same figures.
 */
final class AgePicture {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 220;
  private static final int LEFT = 64;
  private static final int RIGHT = 712;
  private static final int TOP = 12;
  private static final int BOTTOM = 192;

  /** Samples further apart than this are not joined: nobody knows what was between. */
  private static final Duration GAP = Duration.ofSeconds(45);

  private static final List<Long> STEPS_MILLIS = steps();

  private final List<AgeSample> samples;
  private final Instant now;
  private final Duration limit;
  private final Duration top;

  private AgePicture(List<AgeSample> samples, Instant now, Duration limit) {
    this.samples = samples;
    this.now = now;
    this.limit = limit;
    this.top = scale(samples);
  }

  /** Draws it. */
  static Html of(List<AgeSample> samples, Instant now, Duration limit) {
    return new AgePicture(samples, now, limit).draw();
  }

  private Html draw() {
    Html svg = new Html();
    svg.open(
        "svg",
        "viewBox",
        "0 0 %d %d".formatted(WIDTH, HEIGHT),
        "role",
        "img",
        "aria-labelledby",
        "picture-title picture-text");
    svg.element("title", "Age by stage over the last hour", "id", "picture-title");
    svg.element("desc", words(), "id", "picture-text");
    axes(svg);
    AgeStage[] stages = AgeStage.values();
    // Each reaches from the ground to its top, and the next one covers its lower part.
    for (int i = stages.length - 1; i >= 0; i--) {
      String path = area(stages, i + 1);
      if (!path.isEmpty()) {
        svg.element("path", "", "class", "area stage-" + stages[i].label(), "d", path);
      }
    }
    if (limit.compareTo(top) <= 0) {
      svg.element("path", "", "class", "limit", "d", line(y(limit)));
      svg.element("text", "limit", "class", "tick", "x", "" + RIGHT, "y", "" + (y(limit) - 4));
    }
    return svg.close("svg");
  }

  private String words() {
    return samples.stream()
        .filter(AgeSample::isKnown)
        .map(sample -> sample.stages().total())
        .max(Duration::compareTo)
        .map(
            most ->
                "The age was %s at most, the limit is %s. The table has the figures of each stage."
                    .formatted(Words.duration(most), Words.duration(limit)))
        .orElse("No age is known yet.");
  }

  private void axes(Html svg) {
    for (int i = 0; i <= 2; i++) {
      Duration value = top.multipliedBy(i).dividedBy(2);
      svg.element("path", "", "class", "grid", "d", line(y(value)));
      label(svg, LEFT - 6, y(value) + 4, i == 0 ? "0" : tick(value));
    }
    for (int minutes = 60; minutes >= 0; minutes -= 15) {
      int x = x(now.minus(Duration.ofMinutes(minutes)));
      label(
          svg,
          Math.max(x, LEFT + 20),
          BOTTOM + 18,
          minutes == 0 ? "now" : "−%d min".formatted(minutes));
    }
  }

  /** Short enough to stand beside the axis: {@code 10 min}, not {@code 10 min 0 s}. */
  private static String tick(Duration value) {
    return Words.duration(value).replaceFirst("(min|h|d) 0 (s|min|h)$", "$1");
  }

  private static void label(Html svg, int x, int y, String text) {
    svg.element("text", text, "class", "tick", "x", "" + x, "y", "" + y);
  }

  private static String line(int y) {
    return "M%d %dH%d".formatted(LEFT, y, RIGHT);
  }

  /** The outline of the lowest so many stages together; one closed part for each run of samples. */
  private String area(AgeStage[] stages, int count) {
    if (samples.stream().allMatch(sample -> stages[count - 1].of(sample.stages()).isZero())) {
      return "";
    }
    StringBuilder path = new StringBuilder();
    for (List<AgeSample> run : runs()) {
      int first = x(run.getFirst().at());
      path.append("M%d %d".formatted(first, BOTTOM));
      int last = first;
      for (AgeSample sample : run) {
        Duration height = Duration.ZERO;
        for (int i = 0; i < count; i++) {
          height = height.plus(stages[i].of(sample.stages()));
        }
        last = x(sample.at());
        path.append("L%d %d".formatted(last, y(height)));
      }
      // A lone sample is a bar.
      path.append("H%dV%dZ".formatted(Math.max(last, first + 2), BOTTOM));
    }
    return path.toString();
  }

  private List<List<AgeSample>> runs() {
    List<List<AgeSample>> runs = new ArrayList<>();
    List<AgeSample> run = new ArrayList<>();
    for (AgeSample sample : samples) {
      boolean isJoined =
          !run.isEmpty() && Duration.between(run.getLast().at(), sample.at()).compareTo(GAP) <= 0;
      if (!sample.isKnown() || !isJoined) {
        run = new ArrayList<>();
      }
      if (sample.isKnown()) {
        if (run.isEmpty()) {
          runs.add(run);
        }
        run.add(sample);
      }
    }
    return runs;
  }

  private int x(Instant at) {
    double share = 1 - (double) Duration.between(at, now).toMillis() / AgeHistory.REACH.toMillis();
    return (int) Math.round(LEFT + Math.clamp(share, 0, 1) * (RIGHT - LEFT));
  }

  private int y(Duration age) {
    double share = (double) age.toMillis() / top.toMillis();
    return (int) Math.round(BOTTOM - Math.clamp(share, 0, 1) * (BOTTOM - TOP));
  }

  /** The first round value that nothing exceeds. */
  private static Duration scale(List<AgeSample> samples) {
    long most =
        samples.stream()
            .filter(AgeSample::isKnown)
            .mapToLong(sample -> sample.stages().total().toMillis())
            .max()
            .orElse(0);
    return Duration.ofMillis(
        STEPS_MILLIS.stream().filter(step -> step >= most).findFirst().orElse(Math.max(most, 1)));
  }

  private static List<Long> steps() {
    List<Long> millis = new ArrayList<>();
    for (long unit : List.of(1_000L, 60_000L, 3_600_000L)) {
      for (long count : List.of(1L, 2L, 4L, 10L, 20L, 30L)) {
        millis.add(unit * count);
      }
    }
    for (long days : List.of(2L, 4L, 10L, 20L, 40L, 100L, 400L)) {
      millis.add(Duration.ofDays(days).toMillis());
    }
    return List.copyOf(millis);
  }

  /** The same figures as a table, which is the picture's legend, too. */
  static Html table(List<AgeSample> samples) {
    List<AgeSample> known = samples.stream().filter(AgeSample::isKnown).toList();
    Html table = new Html().open("table");
    table.element("caption", "Age by stage over the last hour");
    Tables.head(table, "Stage", "now", "mean", "most");
    for (AgeStage stage : AgeStage.values()) {
      List<Duration> parts = known.stream().map(each -> stage.of(each.stages())).toList();
      row(table, stage.words(), "swatch stage-" + stage.label(), parts);
    }
    row(table, "all", "swatch", known.stream().map(each -> each.stages().total()).toList());
    return table.close("tbody").close("table");
  }

  private static void row(Html table, String name, String swatch, List<Duration> parts) {
    table.open("tr").open("th", "scope", "row").element("span", "", "class", swatch);
    table.text(name).close("th");
    if (parts.isEmpty()) {
      table.element("td", "unknown", "colspan", "3").close("tr");
      return;
    }
    Duration sum = parts.stream().reduce(Duration.ZERO, Duration::plus);
    Duration most = parts.stream().reduce(Duration.ZERO, (a, b) -> a.compareTo(b) > 0 ? a : b);
    for (Duration figure : List.of(parts.getLast(), sum.dividedBy(parts.size()), most)) {
      table.element("td", Words.duration(figure), "class", "number");
    }
    table.close("tr");
  }
}
