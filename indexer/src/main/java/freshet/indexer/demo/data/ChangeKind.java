package freshet.indexer.demo.data;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What the workload does to the listings. Each kind must occur in a demo. */
public enum ChangeKind {
  /** A new listing. */
  @JsonProperty("insert")
  INSERT("inserts", 20),
  /** Another title, body or price. */
  @JsonProperty("edit")
  EDIT("edits", 45),
  /** A listing goes. */
  @JsonProperty("delete")
  DELETE("deletions", 15),
  /** A listing changes city. */
  @JsonProperty("move")
  MOVE("moves", 10),
  /** A listing goes and comes back with the same id, in one transaction or in two. */
  @JsonProperty("reinsert")
  REINSERT("re-inserts", 10),
  /** Rows are stamped early and committed late, behind the cursor of the polls. */
  @JsonProperty("late")
  LATE("late commits", 0);

  private final String plural;
  private final int weight;

  ChangeKind(String plural, int weight) {
    this.plural = plural;
    this.weight = weight;
  }

  /** The word for several, for people. */
  public String plural() {
    return plural;
  }

  /** How often it is drawn, of 100; 0 for what has a thread of its own. */
  int weight() {
    return weight;
  }
}
