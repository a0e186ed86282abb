package freshet.indexer.app;

import freshet.indexer.check.Account;
import freshet.indexer.check.ConfigCheck;
import freshet.indexer.check.Conversation;
import freshet.indexer.connect.Connector;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.inspect.Access;
import freshet.indexer.inspect.InspectException;
import freshet.indexer.inspect.JdbcUrl;
import freshet.indexer.inspect.TableInspection;
import freshet.indexer.inspect.Wishes;
import freshet.indexer.propose.BuildEstimate;
import freshet.indexer.propose.ConfigText;
import freshet.indexer.propose.Proposal;
import freshet.indexer.propose.Proposer;
import freshet.indexer.session.LagSource;
import freshet.indexer.session.SessionOptions;
import freshet.indexer.session.SourceException;
import freshet.indexer.source.Finding;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Json;
import freshet.replicator.command.NewFile;
import freshet.replicator.command.Verb;
import freshet.replicator.config.Secret;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Looks at a table, and writes a configuration for it. */
@Command(
    name = "init",
    description =
        "Look at a table of yours and write a commented configuration for it: key, version, city,"
            + " fields. Prints what there is, what the first build will take, and the statements"
            + " that the database lacks. Changes nothing there, and overwrites no file. The"
            + " password comes from the environment variable FRESHET_DB_PASSWORD, or from"
            + " --password-file. See docs/getting-started.md")
final class InitVerb extends Verb {
  private static final String DEFAULT_OUTPUT = "indexer.yaml";

  @Option(
      names = "--url",
      required = true,
      paramLabel = "URL",
      description = "The database, best a replica: jdbc:mysql://HOST:PORT/DATABASE")
  private String url = "";

  @Option(names = "--user", paramLabel = "NAME", description = "The account that will poll.")
  private @Nullable String user;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description =
          "Holds its password; by default the environment variable FRESHET_DB_PASSWORD does.")
  private @Nullable Path passwordFile;

  @Option(
      names = "--ca-file",
      paramLabel = "FILE",
      description = "Certificates, in PEM form, to verify the server's with.")
  private @Nullable Path authorities;

  @Option(names = "--table", required = true, paramLabel = "TABLE", description = "The documents.")
  private String table = "";

  @Option(
      names = "--city-column",
      paramLabel = "COLUMN",
      description = "Each of its values gets an index of its own; guessed by its name if absent.")
  private @Nullable String city;

  @Option(
      names = "--key-column",
      paramLabel = "COLUMN",
      description = "Tells rows apart; may be given several times. By default the primary key.")
  private List<String> key = new ArrayList<>();

  @Option(
      names = "--version-column",
      paramLabel = "COLUMN",
      description = "Grows whenever a row changes; guessed if absent.")
  private @Nullable String version;

  @Option(
      names = "--join",
      paramLabel = "TABLE",
      description =
          "Another table, whose texts the documents should have too; may be given several times."
              + " Without it, joins that are possible are written as comments.")
  private List<String> joins = new ArrayList<>();

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description =
          "Where to write the configuration: by default what --config names, else indexer.yaml in"
              + " this folder; - is standard output.")
  private @Nullable Path output;

  @Option(names = "--json", description = "Print what was found as JSON.")
  private boolean isJson;

  InitVerb() {
    super(DEFAULT_OUTPUT, true);
  }

  @Override
  protected ExitCode perform() throws CommandException {
    Path named = output == null ? namedConfig().orElse(Path.of(DEFAULT_OUTPUT)) : output;
    NewFile file = NewFile.of(named);
    file.check();
    Access access = access();
    InitReport report = inspect(access);
    String text = new ConfigText(access, report.proposal(), file.home()).yaml();
    if (file.path() == null) {
      print(text);
      report.lines(null).forEach(this::say);
      return ExitCode.OK;
    }
    file.write(text);
    if (isJson) {
      print(Json.pretty(report.summary(named)));
    } else {
      report.lines(named).forEach(this::print);
    }
    return ExitCode.OK;
  }

  private Access access() throws CommandException {
    try {
      return Access.of(JdbcUrl.parse(url), user, absolute(passwordFile), absolute(authorities));
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private static @Nullable Path absolute(@Nullable Path file) {
    return file == null ? null : file.toAbsolutePath().normalize();
  }

  private InitReport inspect(Access access) throws CommandException {
    String password = password(access);
    SessionOptions session = access.session(() -> password, new LagSource.NotReplicated());
    Time time = new SystemTime();
    Connector connector =
        new Connector(
            session.database(),
            session.credentials(),
            session.tls(),
            session.timeouts().connect(),
            session.timeouts().handshake(),
            time);
    Iterator<Endpoint> endpoints = access.endpoints().iterator();
    while (true) {
      Endpoint endpoint = endpoints.next();
      say("looking at table %s on %s".formatted(table, endpoint));
      try (Conversation server = new Conversation(connector, endpoint, session.timeouts(), time)) {
        return inspect(access, session, server);
      } catch (InspectException e) {
        throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
      } catch (SourceException e) {
        if (!isSilent(e) || !endpoints.hasNext()) {
          throw new CommandException(IndexerFailures.of(e), e.getMessage() + "; " + fix(e), e);
        }
        say(e.getMessage() + "; the next server is asked");
      }
    }
  }

  private static boolean isSilent(SourceException failure) {
    return failure instanceof SourceException.Unreachable
        || failure instanceof SourceException.Stalled;
  }

  private InitReport inspect(Access access, SessionOptions session, Conversation server)
      throws SourceException, InspectException {
    Account account = Account.read(server, access.database());
    Proposal proposal =
        Proposer.propose(
            new TableInspection(server, account),
            new Wishes(table, city, key, version, joins),
            account);
    List<Finding> lacking = new ArrayList<>(proposal.lacking());
    lacking.addAll(
        ConfigCheck.checkServer(
            proposal.source(access.session(session.credentials().password(), proposal.lag())),
            server));
    int processors = Runtime.getRuntime().availableProcessors();
    return new InitReport(
        server.endpoint(),
        proposal,
        BuildEstimate.of(proposal.rows(), proposal.bytesOfRow(), processors),
        processors,
        lacking);
  }

  private static String password(Access access) throws CommandException {
    Path file = access.passwordFile();
    try {
      if (file != null) {
        return Secret.ofFile(file).fetch();
      }
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.USAGE,
          "--password-file %s can't be read: %s; name a file with the password as its one line"
              .formatted(file, e.getMessage()),
          e);
    }
    String password = System.getenv(Access.PASSWORD);
    if (password == null) {
      throw new CommandException(
          ExitCode.USAGE,
          "no password: set the environment variable %s, or give --password-file FILE"
              .formatted(Access.PASSWORD));
    }
    return password;
  }

  private static String fix(SourceException failure) {
    return switch (failure) {
      case SourceException.Unreachable e ->
          "correct host and port in --url, and see that the server listens there and no firewall is"
              + " in between";
      case SourceException.AccessDenied e ->
          "correct --user and the password, and see that the account may come from this host and"
              + " has the privileges of conf/grants.sql";
      case SourceException.SchemaError e -> "correct the database in --url, or --table";
      default -> "docs/troubleshooting.md has the heading " + failure.getClass().getSimpleName();
    };
  }
}
