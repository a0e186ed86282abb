package freshet.indexer.app;

import freshet.indexer.check.CheckedSource;
import freshet.indexer.check.ConfigCheck;
import freshet.indexer.config.IndexerConfig;
import freshet.indexer.session.SourceException;
import freshet.indexer.source.Finding;
import freshet.replicator.app.Http;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Json;
import freshet.replicator.command.Verb;
import freshet.replicator.config.ConfigException;
import freshet.replicator.runtime.SystemTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Reads the whole configuration, then looks whether host and database are as it says. */
@Command(
    name = "check-config",
    description =
        "Check the configuration, the limits of this host, then the database: tables, columns,"
            + " indexes, privileges, and how each query of a poll runs. All problems are reported"
            + " at once, with statements that put them right.")
final class CheckConfigVerb extends Verb {
  @Option(names = "--offline", description = "Don't ask the database.")
  private boolean isOffline;

  @Option(names = "--json", description = "Print what is lacking as JSON.")
  private boolean isJson;

  CheckConfigVerb() {
    super(IndexerMain.CONFIG, true);
  }

  @Override
  protected ExitCode perform() throws ConfigException, CommandException {
    Path file = configFile();
    IndexerConfig config = IndexerConfig.read(file, System.getenv());
    try {
      String unused = config.source().session().credentials().password().get();
    } catch (UncheckedIOException e) {
      throw new CommandException(ExitCode.CONFIG, file + ": source: " + e.getMessage(), e);
    }
    Http.security(config.server(), new SystemTime());
    List<Finding> findings = new ArrayList<>();
    Host.findings(config)
        .forEach(
            found ->
                findings.add(
                    new Finding(
                        "this host: " + found.what(),
                        found.found() + ", needed " + found.needed(),
                        found.fix())));
    try {
      new DefinitionInUse(config.work()).finding(config.definition()).ifPresent(findings::add);
    } catch (IOException e) {
      throw new CommandException(ExitCode.CANNOT_WRITE, "index.folder can't be read: " + e, e);
    }
    SourceException unanswered = null;
    if (!isOffline) {
      CheckedSource checked =
          new ConfigCheck(config.source(), config.schema(), new SystemTime()).check();
      findings.addAll(checked.findings());
      unanswered = checked.failure();
    }
    boolean isWell = findings.stream().allMatch(Finding::isAdvice);
    if (isJson) {
      print(Json.line(findings));
    } else if (isWell) {
      print(
          file
              + ": no problems; the database "
              + (isOffline ? "was not asked" : "has what is needed"));
    }
    if (!isJson) {
      findings.forEach(
          finding ->
              print(
                  (finding.isAdvice() ? "advice: %s: found %s; %s" : "%s: found %s; fix: %s")
                      .formatted(finding.what(), finding.evidence(), finding.fix())));
    }
    if (unanswered != null) {
      return IndexerFailures.of(unanswered);
    }
    return isWell ? ExitCode.OK : ExitCode.FINDINGS;
  }
}
