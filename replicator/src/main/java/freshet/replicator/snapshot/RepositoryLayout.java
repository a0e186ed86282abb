package freshet.replicator.snapshot;

import freshet.replicator.files.Digest;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Where everything lies in a repository. All path arithmetic is here. The relative names, with '/'
 * between their parts, are the same in a folder and under a URL.
 *
 * @param root folder of the repository
 */
public record RepositoryLayout(Path root) {
  /** Relative name of the pointer. */
  public static final String LATEST = "LATEST";

  /** Relative name of what says which cities a store holds; absent where it holds all. */
  public static final String SUBSET = "SUBSET";

  /** What the name of an epoch's file in {@link #control()} begins with. */
  public static final String EPOCH_PREFIX = "epoch-";

  /** Where a slave keeps files of announced merges, each named by its digest. */
  public static final String PREFETCHED = "control/prefetched";

  private static final Pattern OF_A_CITY =
      Pattern.compile("cities/[a-z0-9_-]{1,200}/[0-9a-f]{16}/[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}");

  /** The file of a relative name. */
  public Path resolve(String relative) {
    Path at = root;
    for (String part : relative.split("/", -1)) {
      at = at.resolve(part);
    }
    return at;
  }

  /** The folder that the file of a relative name is in, of a name with at least two parts. */
  public Path folderOf(String relative) {
    return resolve(relative.substring(0, relative.lastIndexOf('/')));
  }

  /** The pointer. */
  public Path latest() {
    return root.resolve(LATEST);
  }

  /** Folder of the snapshots' manifests. */
  public Path snapshots() {
    return root.resolve("snapshots");
  }

  /** Folder of the packs. */
  public Path packs() {
    return root.resolve("packs");
  }

  /** Folder of the schemas. */
  public Path schemas() {
    return root.resolve("schemas");
  }

  /** Folder of all cities. */
  public Path cities() {
    return root.resolve("cities");
  }

  /** Folder of the leases, pins and holds; not part of what is shipped. */
  public Path control() {
    return root.resolve("control");
  }

  /** The file by whose exclusive creation a master takes an epoch. */
  public Path epoch(long epoch) {
    return control().resolve(EPOCH_PREFIX + epoch);
  }

  /** The lock under which the pointer is moved and files are collected. */
  public Path lock() {
    return control().resolve("lock");
  }

  /** The lock that a master holds for as long as it lives. */
  public Path masterLock() {
    return control().resolve("master.lock");
  }

  /** Names the folder of the master's working indexes. */
  public Path working() {
    return control().resolve("working");
  }

  /** The lock under which a store is brought up to another snapshot. */
  public Path pullLock() {
    return control().resolve("pull.lock");
  }

  /** Folder of an import's files until all of them are verified. */
  public Path imports() {
    return control().resolve("import");
  }

  /** Folder of the leases: a file for each who holds one. */
  public Path leases() {
    return control().resolve("leases");
  }

  /** When the server began that serves this, or was the last to do so. */
  public Path serving() {
    return control().resolve("serving.json");
  }

  /** What this repository's collector goes by. */
  public Path retention() {
    return control().resolve("retention.json");
  }

  /** Folder of the pins: empty files, each named by the generation that it keeps. */
  public Path pins() {
    return control().resolve("pins");
  }

  /** Relative name of the file of an announced merge that has this content. */
  public static String prefetchedName(Digest sha256) {
    return PREFETCHED + "/" + sha256;
  }

  /** Folder of the cities that the publish gate holds: a file for each. */
  public Path holds() {
    return control().resolve("holds");
  }

  /** Folder of what people asked the master to do, and of its answers. */
  public Path orders() {
    return control().resolve("orders");
  }

  /** Folder of the incidents and messages of the node that serves this. */
  public Path alerts() {
    return control().resolve("alerts");
  }

  /** Folder of what that node's flight recorder keeps. */
  public Path flight() {
    return control().resolve("flight");
  }

  /** Folder of what stands still because a person asked for it: a file for each. */
  public Path pauses() {
    return control().resolve("pauses");
  }

  /** Folder of what a slave serves of cities that are paused there: a file for each. */
  public Path frozen() {
    return control().resolve("frozen");
  }

  /** What the last build of cron knew to be wrong. */
  public Path incidents() {
    return control().resolve("incidents.json");
  }

  /** What people had done here, one line of JSON each. */
  public Path audit() {
    return control().resolve("audit.jsonl");
  }

  /** How many documents each city was published with during the last day. */
  public Path documents() {
    return control().resolve("documents.json");
  }

  /** Folder of one history of one city. */
  public Path incarnation(City city, Incarnation incarnation) {
    return resolve(incarnationName(city, incarnation));
  }

  /** Relative name of a snapshot's manifest. */
  public static String snapshotName(Generation generation) {
    return "snapshots/" + generation + ".json";
  }

  /** Relative name of a generation's pack. */
  public static String packName(Generation generation) {
    return "packs/" + generation + ".tar.zst";
  }

  /** Folder of the lists of rebuilt cities. */
  public Path rebuilt() {
    return root.resolve("rebuilt");
  }

  /** Relative name of a list of rebuilt cities. */
  public static String rebuiltName(Digest rebuilt) {
    return "rebuilt/" + rebuilt + ".json";
  }

  /** Relative name of a schema. */
  public static String schemaName(Digest schema) {
    return "schemas/" + schema + ".json";
  }

  /** Relative name of the folder of one history of one city. */
  public static String incarnationName(City city, Incarnation incarnation) {
    return "cities/" + city.folder() + "/" + incarnation;
  }

  /** Relative name of a city manifest. */
  public static String cityManifestName(City city, Incarnation incarnation, long commit) {
    return incarnationName(city, incarnation) + "/c-" + commit + ".json";
  }

  /** Relative name of a city manifest. */
  public static String cityManifestName(CityEntry entry) {
    return cityManifestName(entry.city(), entry.incarnation(), entry.commit());
  }

  /** Relative name of an index file. */
  public static String fileName(City city, Incarnation incarnation, String file) {
    return incarnationName(city, incarnation) + "/" + file;
  }

  /** Whether a relative name is one that a file in the folder of a city's history may have. */
  public static boolean isOfACity(String relative) {
    return OF_A_CITY.matcher(relative).matches();
  }
}
