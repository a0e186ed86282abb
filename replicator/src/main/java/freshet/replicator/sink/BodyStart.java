package freshet.replicator.sink;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of an answer as text. The rest is read and forgotten, so that an answer without
 * an end costs time, which is bounded elsewhere, and no memory.
 */
final class BodyStart implements HttpResponse.BodySubscriber<String> {
  private static final int KEPT = 300;

  private final CompletableFuture<String> text = new CompletableFuture<>();
  private final ByteBuffer kept = ByteBuffer.allocate(KEPT);
  private Flow.@Nullable Subscription subscription;

  @Override
  public CompletionStage<String> getBody() {
    return text;
  }

  @Override
  public void onSubscribe(Flow.Subscription begun) {
    subscription = begun;
    begun.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      int taken = Math.min(buffer.remaining(), kept.remaining());
      kept.put(buffer.slice(buffer.position(), taken));
    }
    Flow.Subscription more = subscription;
    if (more != null) {
      more.request(1);
    }
  }

  @Override
  public void onError(Throwable failure) {
    text.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    text.complete(new String(kept.array(), 0, kept.position(), StandardCharsets.UTF_8));
  }
}
