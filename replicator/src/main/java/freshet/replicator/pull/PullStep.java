package freshet.replicator.pull;

import freshet.replicator.files.Digest;

/** How one file of a snapshot gets into the store. */
sealed interface PullStep {

  /** Its relative name. */
  String name();

  /** It is here under its name. */
  record HaveAlready(String name) implements PullStep {}

  /**
   * Its content is here under another name.
   *
   * @param from that name
   */
  record Link(String name, String from) implements PullStep {}

  /** A pack that is here holds it. */
  record FromPack(String name, long length, Digest sha256) implements PullStep {}

  /** Files of a merged segment are made here; it is named by the segment. */
  record Remake(Replay replay) implements PullStep {
    @Override
    public String name() {
      return replay.folder() + "/" + replay.segment();
    }
  }

  /**
   * It comes from the remote.
   *
   * @param resumeAt bytes that an earlier pull left of it
   */
  record Fetch(String name, long length, Digest sha256, long resumeAt) implements PullStep {}
}
