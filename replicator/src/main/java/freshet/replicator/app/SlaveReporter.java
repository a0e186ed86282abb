package freshet.replicator.app;

import freshet.replicator.app.ReplicatorConfig.RemoteSettings;
import freshet.replicator.freshness.SlaveStatus;
import freshet.replicator.remote.BearerToken;
import freshet.replicator.remote.RemoteAccess;
import freshet.replicator.remote.RemoteOptions;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.runtime.Time;
import freshet.replicator.runtime.WholeAnswer;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the remote what this slave serves. A report that does not arrive is not repeated: the next
 * one says more.
 */
final class SlaveReporter {
  private static final Logger LOG = LoggerFactory.getLogger(SlaveReporter.class);

  private final HttpClient client;
  private final RemoteOptions options;
  private final RemoteAccess access;
  private final URI address;
  private final Supplier<SlaveStatus> status;
  private final Supplier<Set<String>> prepared;

  /** Which announced merges are here. */
  private record Prepared(List<String> merges) {}

  private SlaveReporter(
      RemoteOptions options,
      RemoteAccess access,
      URI address,
      Supplier<SlaveStatus> status,
      Supplier<Set<String>> prepared) {
    this.client = Remotes.client(options, access);
    this.options = options;
    this.access = access;
    this.address = address;
    this.status = status;
    this.prepared = prepared;
  }

  /**
   * A reporter to this remote; none if it is a folder.
   *
   * @param status of this slave
   * @param prepared the announced merges that are here, by their ids
   */
  static Optional<SlaveReporter> of(
      RemoteSettings remote,
      String name,
      Supplier<SlaveStatus> status,
      Supplier<Set<String>> prepared,
      Time time)
      throws IOException {
    if (!RemoteRepository.isHttp(remote.url())) {
      return Optional.empty();
    }
    URI address = URI.create(remote.url().replaceFirst("/*$", "") + "/slaves/" + name);
    return Optional.of(
        new SlaveReporter(
            remote.options(), Remotes.access(remote, time), address, status, prepared));
  }

  void report() {
    send(address, status.get());
    send(URI.create(address + "/merges"), new Prepared(List.copyOf(prepared.get())));
  }

  private void send(URI address, Record content) {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(address)
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofByteArray(SnapshotCodec.write(content)));
      BearerToken token = access.token();
      if (token != null) {
        request.header("Authorization", "Bearer " + token.value());
      }
      HttpResponse<Void> answer =
          WholeAnswer.of(
              client,
              request.build(),
              HttpResponse.BodyHandlers.discarding(),
              options.headerTimeout());
      LOG.debug("POST {}: {}", address, answer.statusCode());
    } catch (IOException e) {
      // The pulls tell of a remote that is gone.
      LOG.debug("POST {}: {}", address, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
