package freshet.replicator.app;

import freshet.replicator.alert.OpenIncidents;
import freshet.replicator.app.ReplicatorConfig.RemoteSettings;
import freshet.replicator.freshness.Words;
import freshet.replicator.incident.Incident;
import freshet.replicator.remote.BearerToken;
import freshet.replicator.remote.RemoteAccess;
import freshet.replicator.remote.RemoteOptions;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.runtime.Time;
import freshet.replicator.runtime.WholeAnswer;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the remote what it knows to be wrong, so that what its own watch tells is not told by every
 * slave once more. A dead master explains nothing.
 */
final class RemoteIncidents {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteIncidents.class);
  private static final int OK = 200;

  /** Less than the time between two looks; a server that is well answers within milliseconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** What came of asking. */
  sealed interface Answer {}

  /**
   * It tells of something that accounts for an age here.
   *
   * @param by an incident of the remote, or of what that one asks itself
   */
  record Explains(Incident by) implements Answer {}

  /** It answers, and knows nothing of the kind. */
  record KnowsNothing() implements Answer {}

  /**
   * It does not answer.
   *
   * @param why not
   */
  record Silent(String why) implements Answer {}

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
    if (!RemoteRepository.isHttp(remote.url())) {
      return Optional.empty();
    }
    URI address = URI.create(remote.url().replaceFirst("/*$", "") + "/incidents");
    return Optional.of(
        new RemoteIncidents(remote.options(), Remotes.access(remote, time), address));
  }

  /** Asks once. */
  Answer ask() {
    Answer answer = answer();
    last = answer instanceof Explains explains ? explains.by() : null;
    return answer;
  }

  /** What it answered last, until {@link #forget}; null if that accounts for nothing. */
  @Nullable Incident last() {
    return last;
  }

  /** Nothing needs to be accounted for. */
  void forget() {
    last = null;
  }

  private Answer answer() {
    Duration patience =
        options.headerTimeout().compareTo(PATIENCE) < 0 ? options.headerTimeout() : PATIENCE;
    try {
      HttpRequest.Builder request = HttpRequest.newBuilder(address);
      BearerToken token = access.token();
      if (token != null) {
        request.header("Authorization", "Bearer " + token.value());
      }
      HttpResponse<byte[]> got =
          WholeAnswer.of(
              client, request.build(), HttpResponse.BodyHandlers.ofByteArray(), patience);
      if (got.statusCode() != OK) {
        LOG.debug("GET {}: HTTP {}", address, got.statusCode());
        return new KnowsNothing();
      }
      return SnapshotCodec.read(got.body(), OpenIncidents.class, address.toString())
          .explanation()
          .<Answer>map(Explains::new)
          .orElseGet(KnowsNothing::new);
    } catch (HttpTimeoutException e) {
      return new Silent("GET %s: no answer within %s".formatted(address, Words.duration(patience)));
    } catch (FormatException e) {
      // No JSON of ours.
      LOG.debug("GET {}: {}", address, e.toString());
      return new KnowsNothing();
    } catch (IOException e) {
      return new Silent("GET %s: %s".formatted(address, e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new KnowsNothing();
    }
  }
}
