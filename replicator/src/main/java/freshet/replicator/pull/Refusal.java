package freshet.replicator.pull;

import freshet.replicator.files.Digest;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CitySubset;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RepositoryId;

/** Why an offered snapshot is not taken, though nothing failed. */
public sealed interface Refusal {

  /** What was found, what was expected, and the fix. */
  String explain();

  /** The remote is another repository than the one that this store follows. */
  record OtherRepository(RepositoryId followed, RepositoryId offered) implements Refusal {
    @Override
    public String explain() {
      return ("the remote is repository %s, this store follows %s: correct the remote's address, or"
              + " follow the other one on purpose with an empty store")
          .formatted(offered, followed);
    }
  }

  /** The offer lies before what was seen already. */
  record Older(Generation seen, Generation offered) implements Refusal {
    @Override
    public String explain() {
      return ("the remote offers generation %s, this store has seen %s: a mirror lags, or the"
              + " repository was restored from a backup; in that case its master takes it over with:"
              + " bin/indexer takeover")
          .formatted(offered, seen);
    }
  }

  /** The offer has the number of what was seen already, and another content. */
  record Conflicting(Generation generation, Digest seen, Digest offered) implements Refusal {
    @Override
    public String explain() {
      return ("generation %s has manifest %s at the remote and had %s when this store saw it: two"
              + " masters wrote one repository, or it was restored; one of them takes it over with:"
              + " bin/indexer takeover")
          .formatted(generation, offered.brief(), seen.brief());
    }
  }

  /** The offer needs a newer build. */
  record NewerFormat(String what) implements Refusal {
    @Override
    public String explain() {
      return what;
    }
  }

  /**
   * The offer's indexes are of a newer Lucene, whose files this one can't read.
   *
   * @param written by this version
   * @param here this version
   */
  record NewerLucene(Generation generation, String written, String here) implements Refusal {
    @Override
    public String explain() {
      return "snapshot %s was written by Lucene %s, this build has %s: upgrade Freshet here"
          .formatted(generation, written, here);
    }
  }

  /**
   * The remote is a slave that holds some cities only.
   *
   * @param lacking one that is wanted
   * @param count how many of the wanted ones it lacks
   * @param held what it holds
   */
  record Partial(String remote, City lacking, int count, CitySubset held) implements Refusal {
    @Override
    public String explain() {
      return ("%s holds only the cities that match %s, city %s and %d other wanted ones are not among"
              + " them: pull from one that holds more, or set pull.cities here to what it holds")
          .formatted(remote, held, lacking, count - 1);
    }
  }

  /** The disk is too small for the offer. */
  record LowDisk(String folder, long neededBytes, long freeBytes, long reserveBytes)
      implements Refusal {
    @Override
    public String explain() {
      return ("the pull needs %,d bytes in %s beside a reserve of %,d, and %,d are free: make room"
              + " there, or lower the reserve")
          .formatted(neededBytes, folder, reserveBytes, freeBytes);
    }
  }
}
