package freshet.indexer.check;

import freshet.indexer.session.SourceException;
import freshet.indexer.source.Finding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a check of servers found.
 *
 * @param findings what should be changed; empty if all is as a poll needs it
 * @param failure why no server could be checked, which is among the findings too; null if one could
 */
public record CheckedSource(List<Finding> findings, @Nullable SourceException failure) {

  /** Copies the list. */
  public CheckedSource {
    findings = List.copyOf(findings);
  }
}
