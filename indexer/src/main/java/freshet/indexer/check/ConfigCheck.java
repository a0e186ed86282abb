package freshet.indexer.check;

import freshet.indexer.connect.Connector;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.session.ServerState;
import freshet.indexer.session.SourceException;
import freshet.indexer.source.Finding;
import freshet.indexer.source.SourceOptions;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.IndexSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compares what is configured with live servers. Connects, reads, changes nothing. Each server is
 * checked by itself, since a replica may lack an index that the source has.
 */
public final class ConfigCheck {
  private final SourceOptions options;
  private final IndexSchema schema;
  private final Time time;

  /** A check of these options. */
  public ConfigCheck(SourceOptions options, IndexSchema schema, Time time) {
    this.options = options;
    this.schema = schema;
    this.time = time;
  }

  /** Checks all servers. */
  public CheckedSource check() {
    List<Finding> findings = new ArrayList<>();
    List<SourceException> failures = new ArrayList<>();
    List<Endpoint> endpoints = options.session().endpoints();
    for (Endpoint endpoint : endpoints) {
      try (Conversation server = conversation(endpoint)) {
        CheckedSource checked = check(server);
        findings.addAll(checked.findings());
        Optional.ofNullable(checked.failure()).ifPresent(failures::add);
      }
    }
    return new CheckedSource(
        findings, failures.size() < endpoints.size() ? null : failures.getFirst());
  }

  /** Checks one server. */
  public CheckedSource check(Conversation server) {
    return new EndpointCheck(options, schema, server).check();
  }

  /** What is lacking of a server itself and of the account, whatever the tables are like. */
  public static List<Finding> checkServer(SourceOptions options, Conversation server)
      throws SourceException {
    ServerState state = server.state();
    return new ServerCheck(options, server)
        .general(
            Account.read(server, options.session().database()),
            server.version().contains("MariaDB"),
            state);
  }

  /** A conversation with a server of the configuration. */
  public Conversation conversation(Endpoint endpoint) {
    return new Conversation(connector(), endpoint, options.session().timeouts(), time);
  }

  /** What makes connections as they are configured. */
  public Connector connector() {
    return new Connector(
        options.session().database(),
        options.session().credentials(),
        options.session().tls(),
        options.session().timeouts().connect(),
        options.session().timeouts().handshake(),
        time);
  }
}
