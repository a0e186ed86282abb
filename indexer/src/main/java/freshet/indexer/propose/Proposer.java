package freshet.indexer.propose;

import freshet.indexer.check.Account;
import freshet.indexer.inspect.InspectException;
import freshet.indexer.inspect.TableFacts;
import freshet.indexer.inspect.TableInspection;
import freshet.indexer.inspect.Wishes;
import freshet.indexer.session.SourceException;

/** Proposes how to index a table. */
public final class Proposer {
  private Proposer() {}

  /**
   * Looks at the table, and puts the guesses together.
   *
   * @param account that will poll
   * @throws InspectException if the table can't be indexed as it is wished
   */
  public static Proposal propose(TableInspection inspection, Wishes wishes, Account account)
      throws SourceException, InspectException {
    TableFacts facts = inspection.facts(wishes, TombstoneRule.names(wishes.table()));
    Proposal proposal = ProposalRule.propose(facts, wishes, account);
    return proposal.of(inspection.cities(facts.live().name(), proposal.city()));
  }
}
