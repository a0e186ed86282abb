package freshet.indexer.app;

import freshet.indexer.config.IndexerConfig;
import freshet.indexer.preview.NotedRows;
import freshet.indexer.preview.PreviewText;
import freshet.indexer.preview.Previewer;
import freshet.indexer.preview.RowPreview;
import freshet.indexer.table.PageReader;
import freshet.indexer.table.Row;
import freshet.indexer.table.TableKey;
import freshet.replicator.app.KeyArgument;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Json;
import freshet.replicator.command.Signals;
import freshet.replicator.command.Verb;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Documents as they would be indexed. */
@Command(
    name = "preview",
    description =
        "Print documents as they would be indexed: each field with its type, what it is found by"
            + " (the tokens of a text), and what is stored. Reads the table by the configuration,"
            + " writes nothing.")
final class PreviewVerb extends Verb {
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(9);
  private static final int MOST_ROWS = 1_000;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "5",
      description = "The first N rows, in the order of their keys; ${DEFAULT-VALUE} by default.")
  private int limit;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "The row of this key instead; columns separated by commas. May be repeated.")
  private List<String> ids = new ArrayList<>();

  @Option(names = "--json", description = "Print them as JSON, uncut.")
  private boolean isJson;

  PreviewVerb() {
    super(IndexerMain.CONFIG, true);
  }

  @Override
  protected ExitCode perform() throws Exception {
    if (limit < 1 || limit > MOST_ROWS) {
      throw new CommandException(
          ExitCode.USAGE, "--limit is %d; expected 1 to %d".formatted(limit, MOST_ROWS));
    }
    IndexerConfig config = IndexerConfig.read(configFile(), System.getenv());
    List<DocumentKey> keys = new ArrayList<>();
    for (String id : ids) {
      keys.add(KeyArgument.parse(config.schema(), id));
    }
    StopSignal stop = new StopSignal();
    Time time = new SystemTime();
    Signals.stopOn(stop, time, STOP_PATIENCE);
    NotedRows noted = new NotedRows();
    List<RowPreview> rows = new ArrayList<>();
    try (TableAccess table = new TableAccess(config, SourcePosition.START, noted, time, stop);
        Previewer previewer = new Previewer(config.schema(), noted)) {
      PageReader reader = table.reader();
      if (keys.isEmpty()) {
        List<DocumentKey> first =
            reader.keysAfter(DocumentKey.EMPTY, limit).stream()
                .map(TableKey::key)
                .filter(key -> !key.equals(DocumentKey.EMPTY))
                .toList();
        add(first, reader.lookUp(first), previewer, rows);
      }
      for (DocumentKey key : keys) {
        // A database that compares without case may give the row under another key.
        Map<DocumentKey, Row> found = reader.lookUp(List.of(key));
        add(found.isEmpty() ? List.of(key) : List.copyOf(found.keySet()), found, previewer, rows);
      }
    }
    tell(config.source().table().name(), rows);
    boolean isWell =
        rows.stream()
            .allMatch(
                row -> row instanceof RowPreview.Document || row instanceof RowPreview.NotIndexed);
    return isWell ? ExitCode.OK : ExitCode.FINDINGS;
  }

  private static void add(
      List<DocumentKey> keys,
      Map<DocumentKey, Row> found,
      Previewer previewer,
      List<RowPreview> rows)
      throws IOException {
    for (DocumentKey key : keys) {
      Row row = found.get(key);
      rows.add(previewer.of(row == null ? new Row.Gone(key, 0) : row));
    }
  }

  private void tell(String table, List<RowPreview> rows) {
    if (isJson) {
      print(Json.line(rows.stream().map(PreviewVerb::json).toList()));
    } else if (rows.isEmpty()) {
      print("table %s has no row".formatted(table));
    } else {
      rows.forEach(row -> PreviewText.lines(row).forEach(this::print));
    }
  }

  /** What becomes of the row as a word, and the rest. */
  private static Map<String, Object> json(RowPreview row) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put(
        "state",
        switch (row) {
          case RowPreview.Document document -> "document";
          case RowPreview.NotIndexed hidden -> "not_indexed";
          case RowPreview.SetAside setAside -> "set_aside";
          case RowPreview.Missing missing -> "missing";
        });
    Json.tree(row).properties().forEach(one -> json.put(one.getKey(), one.getValue()));
    return json;
  }
}
