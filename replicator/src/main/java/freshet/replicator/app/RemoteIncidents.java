package freshet.replicator.app;

import freshet.replicator.alert.OpenIncidents;
import freshet.replicator.app.ReplicatorConfig.RemoteSettings;
import freshet.replicator.incident.Incident;
import freshet.replicator.remote.BearerToken;
import freshet.replicator.remote.RemoteAccess;
import freshet.replicator.remote.RemoteOptions;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the remote what it knows to be wrong, so that what its own watch tells is not told by every
 * slave once more. Without an answer nothing counts as known: a dead master explains nothing.
 */
final class RemoteIncidents {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteIncidents.class);
  private static final int OK = 200;

  private final HttpClient client;
  private final RemoteOptions options;
  private final RemoteAccess access;
  private final URI address;
  private volatile @Nullable Incident last;

  private RemoteIncidents(RemoteOptions options, RemoteAccess access, URI address) {
    this.client = Remotes.client(options, access);
    this.options = options;
    this.access = access;
    this.address = address;
  }

  /** Of this remote; none if it is no server. */
  static Optional<RemoteIncidents> of(RemoteSettings remote, Time time) throws IOException {
    if (!remote.url().startsWith("http")) {
      return Optional.empty();
    }
    URI address = URI.create(remote.url().replaceFirst("/*$", "") + "/incidents");
    return Optional.of(
        new RemoteIncidents(remote.options(), Remotes.access(remote, time), address));
  }

  /** What accounts for an age that is seen here; empty if nothing does that the remote tells. */
  Optional<Incident> explanation() {
    Optional<Incident> found = ask();
    last = found.orElse(null);
    return found;
  }

  /** What it answered last, until {@link #forget}; null if that accounts for nothing. */
  @Nullable Incident last() {
    return last;
  }

  /** Nothing needs to be accounted for. */
  void forget() {
    last = null;
  }

  private Optional<Incident> ask() {
    CompletableFuture<HttpResponse<byte[]>> answer = null;
    try {
      HttpRequest.Builder request = HttpRequest.newBuilder(address);
      BearerToken token = access.token();
      if (token != null) {
        request.header("Authorization", "Bearer " + token.value());
      }
      answer = client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      // Not the client's own time-out, which does not bound a body.
      HttpResponse<byte[]> got =
          answer.get(options.headerTimeout().toMillis(), TimeUnit.MILLISECONDS);
      if (got.statusCode() != OK) {
        LOG.debug("GET {}: HTTP {}", address, got.statusCode());
        return Optional.empty();
      }
      return SnapshotCodec.read(got.body(), OpenIncidents.class, address.toString()).explanation();
    } catch (IOException | ExecutionException | TimeoutException e) {
      LOG.debug("GET {}: {}", address, e.toString());
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      if (answer != null) {
        answer.cancel(true);
      }
    }
  }
}
