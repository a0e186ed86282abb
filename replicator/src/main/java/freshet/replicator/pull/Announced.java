package freshet.replicator.pull;

import freshet.replicator.files.Digest;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.UpcomingMerge;
import java.util.ArrayList;
import java.util.List;

/** Something that LATEST announces before a manifest names it. */
sealed interface Announced {
  /** By which a slave says that it has all of it. */
  String id();

  /** A merged segment. */
  record Merge(UpcomingMerge merge) implements Announced {
    @Override
    public String id() {
      return merge.id();
    }
  }

  /** Cities that were built anew, in a list of this digest. */
  record Rebuilt(Digest list) implements Announced {
    @Override
    public String id() {
      return list.hex();
    }
  }

  /** All that an advertisement announces: merges first, since they are waited for less long. */
  static List<Announced> in(Advertisement latest) {
    List<Announced> all = new ArrayList<>();
    latest.upcoming().forEach(merge -> all.add(new Merge(merge)));
    Digest rebuilt = latest.rebuilt();
    if (rebuilt != null) {
      all.add(new Rebuilt(rebuilt));
    }
    return all;
  }
}
