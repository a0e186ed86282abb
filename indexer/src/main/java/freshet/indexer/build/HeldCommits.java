package freshet.indexer.build;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.IndexCommit;
import org.apache.lucene.index.IndexDeletionPolicy;

/**
 * Keeps the last commit and those that are still to be linked into the repository. Unlike Lucene's
 * own snapshot policy it belongs to the index, not to a writer, so that a commit stays held when
 * its writer is closed and another one opened.
 */
final class HeldCommits extends IndexDeletionPolicy {
  private final Map<Long, Integer> holders = new HashMap<>();

  synchronized void hold(long commit) {
    holders.merge(commit, 1, Integer::sum);
  }

  synchronized void release(long commit) {
    holders.computeIfPresent(commit, (key, count) -> count == 1 ? null : count - 1);
  }

  @Override
  public void onInit(List<? extends IndexCommit> commits) {
    onCommit(commits);
  }

  @Override
  public synchronized void onCommit(List<? extends IndexCommit> commits) {
    for (IndexCommit commit : commits.subList(0, Math.max(0, commits.size() - 1))) {
      if (!holders.containsKey(commit.getGeneration())) {
        commit.delete();
      }
    }
  }
}
