package freshet.indexer.schedule;

import freshet.indexer.merge.MergeAdvertising;
import freshet.indexer.rebuild.RebuildFolder;
import freshet.indexer.rebuild.RebuildState;
import freshet.replicator.files.Digest;
import freshet.replicator.publish.RebuiltIndexes;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets slaves fetch rebuilt cities before the master switches to them, so that the generation that
 * has them is as quickly pulled as any other. Polls and pulls go on meanwhile by the old indexes.
 *
 * <p>Who serves no slaves, as a process that ends after its cycle, waits for none: only once {@link
 * #prepared} was called is a rebuild announced and waited for. Used by one thread at a time.
 */
public final class ShippingAhead {
  private static final Logger LOG = LoggerFactory.getLogger(ShippingAhead.class);

  private final RebuildFolder rebuild;
  private final MergeAdvertising rule;
  private final Time time;
  private @Nullable Prepared prepared;
  private @Nullable Shipment shipment;

  /** What slaves say that they have. */
  private record Prepared(int slaves, Map<String, Integer> having) {
    int having(Set<String> lists) {
      return lists.stream().mapToInt(list -> having.getOrDefault(list, 0)).max().orElse(0);
    }
  }

  /** One rebuild, whose list becomes another whenever it has caught up once more. */
  private static final class Shipment {
    private final Instant started;
    private final long seenAtNanos;
    private final Set<String> advertised = new HashSet<>();
    private @Nullable RebuildState listed;
    private @Nullable RebuiltIndexes indexes;
    private @Nullable Long advertisedAtNanos;
    private boolean isOver;
    private String told = "";

    Shipment(Instant started, long nanos) {
      this.started = started;
      this.seenAtNanos = nanos;
    }
  }

  /**
   * Of the rebuilds in a folder.
   *
   * @param rule how long they are announced
   */
  public ShippingAhead(RebuildFolder rebuild, MergeAdvertising rule, Time time) {
    this.rebuild = rebuild;
    this.rule = rule;
    this.time = time;
  }

  /**
   * Takes over what slaves say that they have.
   *
   * @param slaves how many say so
   * @param having how many of them have what LATEST announces, by its id
   */
  void prepared(int slaves, Map<String, Integer> having) {
    prepared = new Prepared(slaves, Map.copyOf(having));
  }

  /** Forgets what it announced, unless this is the same rebuild on its way. */
  void follow(@Nullable RebuildState state) {
    Shipment now = shipment;
    if (now != null && (state == null || !state.started().equals(now.started))) {
      shipment = null;
    }
  }

  /** Whether the master may switch to a rebuild that is ready; it is announced until then. */
  boolean mayEnter(RebuildState ready) throws IOException {
    follow(ready);
    Prepared slaves = prepared;
    if (slaves == null) {
      return true;
    }
    Shipment now = shipment;
    if (now == null) {
      now = new Shipment(ready.started(), time.nanoTime());
      shipment = now;
    }
    if (!ready.equals(now.listed)) {
      now.indexes =
          rebuild
              .built()
              .filter(built -> !built.cities().isEmpty())
              .map(built -> new RebuiltIndexes(rebuild.cities(), built))
              .orElse(null);
      now.listed = ready;
    }
    now.isOver |= now.indexes == null || isEnough(now, slaves);
    if (!now.isOver) {
      tell(now, slaves);
    }
    return now.isOver;
  }

  /** What LATEST is to announce; null for nothing. */
  @Nullable RebuiltIndexes indexes() {
    Shipment now = shipment;
    return now == null ? null : now.indexes;
  }

  /**
   * Notes what LATEST announces by now.
   *
   * @param list its digest; null for none
   */
  void advertised(@Nullable Digest list) {
    Shipment now = shipment;
    if (now == null || now.indexes == null || !now.indexes.digest().equals(list)) {
      return;
    }
    now.advertised.add(now.indexes.digest().hex());
    if (now.advertisedAtNanos == null) {
      now.advertisedAtNanos = time.nanoTime();
    }
  }

  private boolean isEnough(Shipment now, Prepared slaves) {
    Long at = now.advertisedAtNanos;
    if (at == null) {
      // It may never be: no LATEST is written while nothing is published.
      return time.since(now.seenAtNanos).compareTo(rule.atMost()) >= 0;
    }
    // Who has an earlier list lacks little of this one.
    return rule.isEnough(time.since(at), slaves.slaves(), slaves.having(now.advertised));
  }

  private void tell(Shipment now, Prepared slaves) throws IOException {
    String text =
        "slaves fetch the rebuilt cities before the switch: %d of %d have them; it comes after %s at the latest (rebuild.advertise_at_most)"
            .formatted(slaves.having(now.advertised), slaves.slaves(), rule.atMost());
    if (!text.equals(now.told)) {
      now.told = text;
      LOG.info("{}", text);
      rebuild.waits(text);
    }
  }
}
