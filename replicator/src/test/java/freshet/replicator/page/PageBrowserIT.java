package freshet.replicator.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import freshet.replicator.http.HttpAnswer;
import freshet.replicator.http.HttpOptions;
import freshet.replicator.http.HttpSecurity;
import freshet.replicator.http.HttpServer;
import freshet.replicator.incident.Incident;
import freshet.replicator.runtime.SystemTime;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page in Debian's Chromium: what people see, hear and press there. */
class PageBrowserIT {
  private static Playwright playwright;
  private static Browser browser;

  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private volatile StatusPage content = SamplePage.fresh();
  private PageRoutes routes;
  private HttpServer server;
  private BrowserContext context;

  @BeforeAll
  static void launch() {
    Path chromium =
        Stream.of(System.getenv("PATH").split(":"))
            .flatMap(
                folder -> Stream.of("chromium", "chromium-browser").map(Path.of(folder)::resolve))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    Assumptions.assumeTrue(
        chromium != null, "no Chromium on the PATH; get it with: apt-get install -y chromium");
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(chromium)
                    .setChromiumSandbox(false));
  }

  @AfterAll
  static void quit() {
    if (playwright != null) {
      playwright.close();
    }
  }

  @BeforeEach
  void serve() throws IOException {
    routes =
        new PageRoutes(
            () -> content, new PageRoutes.Bounds(4, Duration.ofMillis(50), Duration.ofSeconds(10)));
    server =
        HttpServer.start(
            HttpOptions.at("127.0.0.1", 0),
            HttpSecurity.NONE,
            routes.all(unused -> HttpAnswer.json(200, Map.of())),
            new SystemTime(),
            "test");
  }

  @AfterEach
  void stop() {
    if (context != null) {
      context.close();
    }
    if (server != null) {
      routes.close();
      server.close();
    }
  }

  private Page open(int width, int height, ColorScheme scheme, boolean hasScript) {
    context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setViewportSize(width, height)
                .setJavaScriptEnabled(hasScript)
                .setColorScheme(scheme));
    Page page = context.newPage();
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error") && !message.text().contains("favicon")) {
            complaints.add(message.text());
          }
        });
    page.onPageError(complaints::add);
    page.navigate(server.uri().toString());
    return page;
  }

  private Page open() {
    return open(1_200, 900, ColorScheme.LIGHT, true);
  }

  /** One that is gone without a word, as after a laptop's sleep, raises no error. */
  @Test
  void aStreamThatFallsSilentIsOpenedAnew() {
    Page page = open();
    AtomicInteger opened = new AtomicInteger();
    page.onRequest(
        request -> {
          if (request.url().contains("/status/events")) {
            opened.incrementAndGet();
          }
        });
    page.clock().install();
    page.reload();
    assertThat(page.locator("#live")).hasText("Live.");
    int before = opened.get();

    page.clock().fastForward(20_000);
    page.clock().fastForward(20_000);
    page.waitForCondition(() -> opened.get() > before);
    assertThat(page.locator("#live")).hasText("Live.");
    assertThat(complaints).isEmpty();
  }

  @Test
  void theFirstLookTellsHowFreshEverythingIs() {
    Page page = open();

    assertThat(page).hasTitle("Freshet master master");
    assertThat(page.locator("#headline"))
        .containsText("Fresh: slowest slave 1.8 s behind the database (web-2)");
    assertThat(page.locator("#fleet tbody tr")).hasCount(3);
    assertThat(page.locator("#fleet tbody tr").first()).containsText("web-2");
    assertThat(page.locator("#picture svg path.area")).hasCount(8);
    assertThat(page.locator("#handshakes table")).hasCount(2);
    assertThat(page.locator("#generations")).containsText("snapshots rollback 3-0000000419");
    assertThat(page.locator("#live")).hasText("Live.");
    assertThat(complaints).isEmpty();
  }

  @Test
  void newsComesWithoutAReloadAndItsEndIsSeen() {
    Page page = open();
    assertThat(page.locator("#live")).hasText("Live.");

    content = SamplePage.troubled();
    assertThat(page.locator("#headline")).containsText("Wrong at poll since");
    assertThat(page.locator("#announcement")).containsText("Wrong at poll since");
    assertThat(page.locator("#incidents article")).hasCount(1);

    routes.close();
    server.close();
    assertThat(page.locator("#live")).containsText("No news since");
    assertThat(page.locator("body")).hasClass("stale");
  }

  @Test
  void withoutItsScriptThePageIsComplete() {
    Page page = open(1_200, 900, ColorScheme.LIGHT, false);

    assertThat(page.locator("#live")).hasText("Reload to see news.");
    assertThat(page.locator("#headline")).containsText("Fresh: slowest slave");
    page.getByLabel("Part of a name").fill("paulo");
    page.getByText("Show", new Page.GetByTextOptions().setExact(true)).click();
    assertThat(page.locator("#cities tbody tr")).hasCount(1);
  }

  @Test
  void hostileNamesDoNothing() {
    Page page = open();
    assertThat(page.locator("#live")).hasText("Live.");

    content = SamplePage.troubled();
    assertThat(page.locator("#incidents")).containsText("<script>document.title='evil'</script>");
    assertThat(page.locator("#cities")).containsText("<script>document.title='evil'</script>");
    assertThat(page).hasTitle("Freshet master master");
    assertThat(complaints).isEmpty();
  }

  @Test
  void inlineScriptsAreRefused() {
    Page page = open();
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent ="
            + " \"document.title='evil'\"; document.body.append(s); }");

    assertThat(page).hasTitle("Freshet master master");
    page.waitForCondition(() -> !complaints.isEmpty());
    assertThat(complaints).isNotEmpty().allMatch(text -> text.contains("Content Security Policy"));
  }

  @Test
  void citiesAreFoundAndTurnedOverByTheKeyboard() {
    Page page = open();
    page.keyboard().press("Tab");
    assertThat(page.locator(".skip")).isFocused();
    page.keyboard().press("Enter");
    assertThat(page.locator("#incidents-heading")).isFocused();

    page.getByLabel("Part of a name").focus();
    page.keyboard().type("city-0");
    page.keyboard().press("Enter");
    assertThat(page.locator("#cities caption"))
        .containsText("99 cities, oldest first, page 1 of 4");
    page.getByText("Next").focus();
    page.keyboard().press("Enter");
    assertThat(page.locator("#cities caption")).containsText("page 2 of 4");
    assertThat(page.locator("#live")).hasText("Live.");
  }

  @Test
  void aLiveUpdateLeavesTheFocusAndWhatIsBeingTyped() {
    Page page = open();
    assertThat(page.locator("#live")).hasText("Live.");
    page.getByLabel("Part of a name").focus();
    page.keyboard().type("ber");
    content = SamplePage.troubled();
    assertThat(page.locator("#incidents article")).hasCount(1);
    assertThat(page.getByLabel("Part of a name")).isFocused();
    assertThat(page.getByLabel("Part of a name")).hasValue("ber");

    page.locator("#fleet .scroll").focus();
    content = SamplePage.of(Duration.ofSeconds(9), List.of());
    assertThat(page.locator("#fleet")).containsText("9.0 s");
    assertThat(page.locator("#fleet .scroll")).isFocused();
  }

  @ParameterizedTest
  @CsvSource({
    "1200, LIGHT, fresh",
    "1200, DARK, fresh",
    "390, LIGHT, fresh",
    "390, DARK, fresh",
    "1200, LIGHT, troubled",
    "1200, DARK, troubled",
    "390, DARK, troubled"
  })
  void everybodyCanReadIt(int width, ColorScheme scheme, String state) throws Exception {
    content = state.equals("fresh") ? SamplePage.fresh() : SamplePage.troubled();
    Page page = open(width, 844, scheme, true);
    assertThat(page.locator("#live")).hasText("Live.");

    assertThat(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
        .as("nothing is wider than the screen")
        .isEqualTo(true);
    page.evaluate(axe());
    Object violations =
        page.evaluate(
            "async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a',"
                + " 'wcag21aa', 'wcag22aa']})).violations.map(each => each.id + ': ' +"
                + " each.nodes.map(node => node.html + ' ' + node.failureSummary).join('; '))");
    assertThat(violations).isEqualTo(List.of());
  }

  @Test
  void picturesForTheDocumentation() throws IOException {
    Path folder = Path.of(System.getProperty("freshet.screenshots", "target/screenshots"));
    Files.createDirectories(folder);
    Page wide = open(1_100, 1_000, ColorScheme.LIGHT, true);
    assertThat(wide.locator("#live")).hasText("Live.");
    wide.screenshot(new Page.ScreenshotOptions().setPath(folder.resolve("status-page.png")));
    context.close();
    Incident incident = SamplePage.incident(Incident.Phase.FIRING, "");
    content = SamplePage.of(Duration.ofSeconds(412), List.of(incident));
    Page phone = open(390, 844, ColorScheme.DARK, true);
    assertThat(phone.locator("#live")).hasText("Live.");
    phone.screenshot(new Page.ScreenshotOptions().setPath(folder.resolve("status-page-phone.png")));
    assertThat(folder.resolve("status-page.png")).isNotEmptyFile();
    assertThat(folder.resolve("status-page-phone.png")).isNotEmptyFile();
  }

  private static String axe() throws IOException {
    try (InputStream in = PageBrowserIT.class.getResourceAsStream("/axe.min.js")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
