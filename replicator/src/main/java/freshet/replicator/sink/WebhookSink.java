package freshet.replicator.sink;

import freshet.replicator.config.Secret;
import freshet.replicator.snapshot.SnapshotCodec;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Posts each message as JSON. The same message has the same id whenever it is sent again. */
public final class WebhookSink implements Sink {
  private final HttpPost post;

  /**
   * What is configured.
   *
   * @param url to post to
   * @param token shown as a bearer token; null for none
   * @param timeout of one attempt
   */
  public record Settings(URI url, @Nullable Secret token, Duration timeout) {}

  /** To this address. */
  public WebhookSink(Settings settings) {
    URI url = settings.url();
    // Many services put their secret into the path or the query.
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    String shown = url.getScheme() + "://" + url.getHost() + port;
    this.post = new HttpPost(url, shown, settings.token(), settings.timeout());
  }

  @Override
  public String name() {
    return "webhook";
  }

  @Override
  public String target() {
    return post.shown();
  }

  @Override
  public void send(Message message) throws SinkException, InterruptedException {
    post.send(SnapshotCodec.write(Payload.of(message)));
  }
}
