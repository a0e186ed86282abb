package freshet.replicator.pull;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.files.Digest;
import freshet.replicator.remote.RemoteOptions;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Manifests that no master writes, whose digests are right all the same: whoever made them made
 * those too. A slave says what is wrong, keeps what it has, and follows the next sound snapshot.
 */
@Timeout(120)
class HostileMasterIT {
  private static final int MANY = 3_000_000;
  private static final String LARGEST = "9223372036854775807";

  @TempDir Path folder;
  private HandmadeMaster master;
  private RemoteRepository remote;
  private Slave slave;
  private Optional<Generation> held;

  /**
   * A forgery.
   *
   * @param of LATEST, the snapshot's manifest, or the city's
   * @param said part of what the slave says of it
   */
  private record Forgery(String what, Level of, UnaryOperator<String> edit, String said) {
    @Override
    public String toString() {
      return what;
    }
  }

  private enum Level {
    CITY,
    MANIFEST,
    LATEST
  }

  static Stream<Forgery> forgeries() {
    return Stream.of(
        city("a file outside", swap("\"name\":\"_1.cfs\"", "\"name\":\"../../evil\""), "no name"),
        city("an absolute file", swap("\"name\":\"_1.cfs\"", "\"name\":\"/tmp/evil\""), "no name"),
        city("no index file", swap("\"name\":\"_1.cfs\"", "\"name\":\"LATEST\""), "no index file"),
        city("a file twice", swap("\"name\":\"_1.cfs\"", "\"name\":\"_0.cfs\""), "twice"),
        city("a negative length", swap("\"length\":[0-9]+", "\"length\":-1"), "can't have -1"),
        city("an endless file", swap("\"length\":[0-9]+", "\"length\":" + LARGEST), "are free"),
        city("more than a long", swap("\"length\":[0-9]+", "\"length\":1" + LARGEST), "c-2.json"),
        city("a power", swap("\"length\":[0-9]+", "\"length\":1e999999999"), "c-2.json"),
        city("no files", swap("\"files\":\\[.*?\\]", "\"files\":[]"), "segments file"),
        city("files that are null", swap("\"files\":\\[.*?\\]", "\"files\":null"), "files"),
        city("no key for the files", swap("\"files\":", "\"filez\":"), "files"),
        city("another city", swap("\"city\":\"a\"", "\"city\":\"b\""), "named as"),
        city("another digest's form", swap("\"sha256\":\"..", "\"sha256\":\"zz"), "c-2.json"),
        manifest("another generation", swap("\"generation\":\"1-", "\"generation\":\"7-"), "named"),
        manifest(
            "itself as its base", swap("\"base\":\"[^\"]*\"", "\"base\":\"1-0000000002\""), ""),
        manifest("a base without digest", swap("\"baseManifest\":\"[^\"]*\",", ""), "digest"),
        manifest("no schema", swap("\"schema\":\"[^\"]*\",", ""), "schema"),
        manifest("a null city", swap("\"city\":\"a\"", "\"city\":null"), "city"),
        manifest(
            "a newer Lucene", swap("\"lucene\":\"[^\"]*\"", "\"lucene\":\"99.0.0\""), "99.0.0"),
        manifest("no Lucene", swap("\"lucene\":\"[^\"]*\"", "\"lucene\":\"evil\""), "evil"),
        manifest(
            "a city outside", swap("\"incarnation\":\"[^\"]*\"", "\"incarnation\":\"../..\""), ""),
        manifest("deep nesting", first("\"x\":" + "[".repeat(MANY) + ","), "nesting"),
        manifest("a long text", first("\"lucene\":\"" + "x".repeat(40 << 20) + "\","), "length"),
        manifest("a long number", first("\"epoch\":" + "9".repeat(MANY) + ","), ""),
        manifest("many empty cities", first("\"cities\":[" + "{},".repeat(MANY) + "{}],"), "city"),
        manifest(
            "an endless pack", first("\"pack\":{\"length\":" + LARGEST + ",\"files\":1},"), "pack"),
        latest(
            "a null generation", swap("\"generation\":\"[^\"]*\"", "\"generation\":null"), "gen"),
        latest("no digest", swap("\"manifest\":\"[^\"]*\",", ""), "manifest"),
        latest("a digest that is none", swap("\"manifest\":\"[^\"]*\"", "\"manifest\":\"x\""), ""),
        latest("deep nesting", first("\"x\":" + "{\"x\":".repeat(50_000) + ","), "nesting"),
        latest("no JSON", text -> "<html>503</html>", "LATEST"),
        latest("nothing", text -> "", "LATEST"),
        latest("more than a pointer", text -> text + " ".repeat(2 << 20), "LATEST"));
  }

  @BeforeEach
  void aSlaveThatFollows() throws Exception {
    master = new HandmadeMaster(folder.resolve("master"));
    master.publish(3, "a");
    remote =
        RemoteRepository.open(master.root().toString(), RemoteOptions.defaults(), new SystemTime());
    slave = new Slave(folder.resolve("store"), remote);
    slave.pullsNew();
    held = slave.held();
    master.publish(3, "a");
  }

  @AfterEach
  void end() {
    remote.close();
  }

  @ParameterizedTest
  @MethodSource("forgeries")
  void isRefusedWithWhatIsWrong(Forgery forgery) throws Exception {
    forge(forgery);

    assertThat(slave.complaint()).contains(forgery.said);

    assertThat(slave.held()).isEqualTo(held);
    assertThat(folder.resolve("evil")).doesNotExist();
    assertThat(Path.of("/tmp/evil")).doesNotExist();
    master.fullEvery(1).publish(3, "a");
    slave.pullsNew();
    slave.isWholeCopyOf(master);
  }

  /** A key that is not known takes no memory, however much stands behind it. */
  @Test
  void whatIsPassedOverCostsNothing() throws Exception {
    forge(manifest("more", first("\"more\":[" + "{},".repeat(20_000_000) + "{}],"), ""));

    slave.pullsNew();
  }

  private static Forgery city(String what, UnaryOperator<String> edit, String said) {
    return new Forgery("city manifest: " + what, Level.CITY, edit, said);
  }

  private static Forgery manifest(String what, UnaryOperator<String> edit, String said) {
    return new Forgery("manifest: " + what, Level.MANIFEST, edit, said);
  }

  private static Forgery latest(String what, UnaryOperator<String> edit, String said) {
    return new Forgery("LATEST: " + what, Level.LATEST, edit, said);
  }

  private static UnaryOperator<String> swap(String pattern, String with) {
    return text -> {
      String swapped = text.replaceFirst(pattern, with);
      assertThat(swapped).isNotEqualTo(text);
      return swapped;
    };
  }

  /** Of two keys of one name the later one counts, so this one is read and comes to nothing. */
  private static UnaryOperator<String> first(String key) {
    return text -> "{" + key + text.substring(1);
  }

  /** Edits one file, and the digests on the way to it. */
  private void forge(Forgery forgery) throws IOException {
    CityEntry entry = master.current().cities().firstEntry().getValue();
    Path manifest =
        master.root().resolve(RepositoryLayout.snapshotName(master.current().generation()));
    Path latest = master.root().resolve(RepositoryLayout.LATEST);
    switch (forgery.of) {
      case CITY -> {
        Path city = master.root().resolve(RepositoryLayout.cityManifestName(entry));
        follow(manifest, entry.manifest(), edit(city, forgery.edit));
        follow(latest, master.current().manifestDigest(), Digest.ofFile(manifest));
      }
      case MANIFEST ->
          follow(latest, master.current().manifestDigest(), edit(manifest, forgery.edit));
      case LATEST -> edit(latest, text -> forgery.edit.apply(unsealed(text)));
    }
  }

  private static Digest edit(Path file, UnaryOperator<String> edit) throws IOException {
    Files.writeString(file, edit.apply(Files.readString(file)), StandardCharsets.UTF_8);
    return Digest.ofFile(file);
  }

  private static void follow(Path file, Digest before, Digest after) throws IOException {
    edit(file, text -> unsealed(text).replace(before.hex(), after.hex()));
  }

  private static String unsealed(String text) {
    return text.replaceFirst(",\"sha256\":\"[0-9a-f]{64}\"}$", "}");
  }
}
