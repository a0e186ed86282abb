package freshet.replicator.app;

import freshet.replicator.alert.OpenIncidents;
import freshet.replicator.app.ReplicatorConfig.RemoteSettings;
import freshet.replicator.config.Secret;
import freshet.replicator.snapshot.SnapshotCodec;
import freshet.replicator.tls.PemException;
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
  private final RemoteSettings remote;
  private final URI address;

  private RemoteIncidents(RemoteSettings remote, HttpClient client, URI address) {
    this.remote = remote;
    this.client = client;
    this.address = address;
  }

  /** Of this remote; none if it is no server. */
  static Optional<RemoteIncidents> of(RemoteSettings remote) throws PemException {
    if (!remote.url().startsWith("http")) {
      return Optional.empty();
    }
    URI address = URI.create(remote.url().replaceFirst("/*$", "") + "/incidents");
    return Optional.of(new RemoteIncidents(remote, Remotes.client(remote), address));
  }

  /** What accounts for an age that is seen here; empty if nothing does that the remote tells. */
  Optional<String> explanation() {
    CompletableFuture<HttpResponse<byte[]>> answer = null;
    try {
      HttpRequest.Builder request = HttpRequest.newBuilder(address);
      Secret token = remote.token();
      if (token != null) {
        request.header("Authorization", "Bearer " + token.fetch());
      }
      answer = client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      // Not the client's own time-out, which does not bound a body.
      HttpResponse<byte[]> got =
          answer.get(remote.options().headerTimeout().toMillis(), TimeUnit.MILLISECONDS);
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
