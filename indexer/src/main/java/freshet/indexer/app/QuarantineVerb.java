package freshet.indexer.app;

import freshet.indexer.config.IndexerConfig;
import freshet.indexer.quarantine.FileQuarantine;
import freshet.indexer.quarantine.QuarantineEntry;
import freshet.indexer.quarantine.QuarantineRequests;
import freshet.indexer.quarantine.QuarantineRequests.Wish;
import freshet.indexer.quarantine.SetAside;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.DaemonFile;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Verb;
import freshet.replicator.runtime.Count;
import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Rows that can't become documents: what is set aside, and what is to become of it. */
@Command(
    name = "quarantine",
    description = "Show the rows that are set aside, have them read again, or forget them.",
    subcommands = {
      QuarantineVerb.Show.class,
      QuarantineVerb.Retry.class,
      QuarantineVerb.Drop.class
    },
    synopsisSubcommandLabel = "list|retry|drop")
final class QuarantineVerb {
  private static final int SHOWN_IDS = 5;

  private QuarantineVerb() {}

  /** What is set aside. */
  @Command(name = "list", description = "Show the rows that are set aside, and why.")
  static final class Show extends Verb {
    @Option(names = "--json", description = "Print a list of JSON objects.")
    private boolean isJson;

    Show() {
      super(IndexerMain.CONFIG, true);
    }

    @Override
    protected ExitCode perform() throws Exception {
      IndexerConfig config = IndexerConfig.read(configFile(), System.getenv());
      List<QuarantineEntry> entries = FileQuarantine.look(config.quarantine().file());
      if (isJson) {
        print(
            entries.stream().map(QuarantineEntry::json).collect(Collectors.joining(",", "[", "]")));
      } else if (entries.isEmpty()) {
        print("no row is set aside");
      } else {
        entries.forEach(entry -> print(text(entry)));
      }
      return ExitCode.OK;
    }

    private static String text(QuarantineEntry entry) {
      SetAside row = entry.row();
      String next =
          entry.state() == QuarantineEntry.State.RETRY
              ? "it is read again by the next poll"
              : row.fix();
      return "%s %s: %s%n  set aside at %s, read %s, last at %s%n  %s"
          .formatted(
              row.table(),
              row.id(),
              row.reason(),
              entry.first(),
              Count.of(entry.times(), "time"),
              entry.last(),
              next);
    }
  }

  /** Has rows read again. */
  @Command(
      name = "retry",
      description =
          "Read these rows again with the next poll, whether or not their version changed.")
  static final class Retry extends Verb {
    @Mixin private Selection selection = new Selection();

    Retry() {
      super(IndexerMain.CONFIG, false);
    }

    @Override
    protected ExitCode perform() throws Exception {
      IndexerConfig config = Host.toWrite(configFile());
      int rows = selection.ask(config, Wish.RETRY);
      print("%s read again by %s".formatted(Count.of(rows, "row is", "rows are"), next(config)));
      return ExitCode.OK;
    }
  }

  /** Forgets rows. */
  @Command(
      name = "drop",
      description =
          "Forget these rows; they are not shown again unless they have another version or are"
              + " wrong in another way. The index and the table stay as they are.")
  static final class Drop extends Verb {
    @Mixin private Selection selection = new Selection();

    Drop() {
      super(IndexerMain.CONFIG, false);
    }

    @Override
    protected ExitCode perform() throws Exception {
      IndexerConfig config = Host.toWrite(configFile());
      int rows = selection.ask(config, Wish.DROP);
      print(
          "%s forgotten; the file is changed by %s"
              .formatted(Count.of(rows, "row is", "rows are"), next(config)));
      return ExitCode.OK;
    }
  }

  /** Which rows are meant. */
  static final class Selection {
    @Parameters(paramLabel = "ID", description = "As bin/indexer quarantine list shows it.")
    private List<String> ids = List.of();

    @Option(names = "--all", description = "All rows that are set aside.")
    private boolean isAll;

    /** Asks for all rows or for none. */
    int ask(IndexerConfig config, Wish wish) throws IOException, CommandException {
      if (isAll != ids.isEmpty()) {
        throw new CommandException(
            ExitCode.USAGE, "either the ids of rows are expected, or --all: see list");
      }
      List<QuarantineEntry> entries = FileQuarantine.look(config.quarantine().file());
      Set<String> unknown = new LinkedHashSet<>(ids);
      Set<DocumentKey> keys = new LinkedHashSet<>();
      for (QuarantineEntry entry : entries) {
        if (isAll || ids.contains(entry.row().id())) {
          unknown.remove(entry.row().id());
          keys.add(entry.row().key());
        }
      }
      if (!unknown.isEmpty() && entries.isEmpty()) {
        throw new CommandException(
            ExitCode.USAGE,
            "nothing was asked: no row is set aside, so that %s is not known either"
                .formatted(String.join(", ", unknown)));
      }
      if (!unknown.isEmpty()) {
        throw new CommandException(
            ExitCode.USAGE,
            "nothing was asked, since %s is not among the %s set aside (%s); see:"
                    .formatted(
                        String.join(", ", unknown),
                        Count.of(entries.size(), "row that is", "rows that are"),
                        some(entries))
                + " bin/indexer quarantine list");
      }
      if (wish == Wish.RETRY && keys.contains(DocumentKey.EMPTY) && !isAll) {
        throw new CommandException(
            ExitCode.USAGE, "rows whose key is NULL can't be read by it: give them a key first");
      }
      if (!keys.isEmpty()) {
        new QuarantineRequests(config.quarantine().file()).ask(wish, keys);
      }
      return keys.size();
    }
  }

  private static String some(List<QuarantineEntry> entries) {
    String first =
        entries.stream()
            .limit(SHOWN_IDS)
            .map(entry -> entry.row().id())
            .collect(Collectors.joining(", "));
    return entries.size() > SHOWN_IDS ? first + ", ..." : first;
  }

  private static String next(IndexerConfig config) throws IOException {
    Optional<DaemonFile.Daemon> daemon = new DaemonFile(config.work()).read();
    return daemon.isPresent()
        ? "the next cycle of the master that runs (process %d)".formatted(daemon.get().pid())
        : "the next bin/indexer build or run; no master runs";
  }
}
