package freshet.replicator.app;

import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Verb;
import freshet.replicator.explain.DocumentCopies;
import freshet.replicator.explain.DocumentCopy;
import freshet.replicator.pause.FrozenCity;
import freshet.replicator.pause.FrozenFolder;
import freshet.replicator.pause.Pause;
import freshet.replicator.pause.PauseFolder;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Count;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SnapshotCodec;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where a document is in a slave's store, or in a repository. */
@Command(
    name = "explain",
    description =
        "Say where a document is in what this slave, or a repository, has: its city, its version,"
            + " since which generation. bin/indexer explain knows its row, too.")
final class ExplainVerb extends Verb {
  @Mixin private RepositoryOptions repository = new RepositoryOptions();

  @Parameters(paramLabel = "ID", description = "Its key, as the table has it.")
  private String id = "";

  @Option(names = "--json", description = "Print it as JSON.")
  private boolean isJson;

  ExplainVerb() {
    super(ReplicatorMain.CONFIG, true);
  }

  /**
   * What {@code --json} prints.
   *
   * @param id as it was asked for
   * @param generation that LATEST names there
   * @param copies none if it is not there, several if something is wrong
   * @param paused what keeps newer versions from coming here, since a person asked for it
   */
  record Explained(
      String id, Generation generation, List<DocumentCopy> copies, List<Pause> paused) {
    Explained {
      copies = List.copyOf(copies);
      paused = List.copyOf(paused);
    }
  }

  @Override
  protected ExitCode perform() throws Exception {
    LocalRepository open = repository.open(configFile());
    Snapshot snapshot = RepositoryOptions.latest(open);
    List<DocumentCopy> copies =
        new DocumentCopies(open)
            .find(snapshot, KeyArgument.parse(open.schema(snapshot.manifest().schema()), id));
    Map<City, FrozenCity> frozen = new FrozenFolder(open.layout()).read();
    List<Pause> paused =
        new PauseFolder(open.layout())
            .read()
            .at(new SystemTime().now())
            .all()
            .filter(pause -> concerns(pause, copies))
            .toList();
    if (isJson) {
      print(SnapshotCodec.writeText(new Explained(id, snapshot.generation(), copies, paused)));
    } else {
      print(sentence(snapshot, copies));
      copies.forEach(
          copy ->
              print(
                  "  in %s, version %s: %s".formatted(copy.city(), copy.version(), copy.origin())));
      paused.forEach(pause -> print("  " + standstill(pause, frozen)));
      if (copies.isEmpty()) {
        print("  next, on the master: bin/indexer explain " + id);
      }
    }
    return copies.size() == 1 ? ExitCode.OK : ExitCode.FINDINGS;
  }

  /** That of a city where it is not might be why it is not there. */
  private static boolean concerns(Pause pause, List<DocumentCopy> copies) {
    return pause.city() == null
        || copies.isEmpty()
        || copies.stream().anyMatch(copy -> copy.city().equals(pause.city()));
  }

  /** A slave's store gets what is new of a paused city, which is served as it was. */
  private static String standstill(Pause pause, Map<City, FrozenCity> frozen) {
    City city = pause.city();
    if (city == null) {
      return "nothing newer comes: everything here is " + pause.sentence();
    }
    FrozenCity was = frozen.get(city);
    return was == null
        ? "nothing newer comes: city %s is %s".formatted(city, pause.sentence())
        : "city %s is served as of %s: it is %s"
            .formatted(city, was.generation(), pause.sentence());
  }

  private String sentence(Snapshot snapshot, List<DocumentCopy> copies) {
    return switch (copies.size()) {
      case 0 ->
          "%s is in none of the %s of generation %s"
              .formatted(
                  id, Count.of(snapshot.cities().size(), "city", "cities"), snapshot.generation());
      case 1 -> "%s is in generation %s".formatted(id, snapshot.generation());
      default ->
          "%s is in %d cities of generation %s, and should be in one"
              .formatted(id, copies.size(), snapshot.generation());
    };
  }
}
