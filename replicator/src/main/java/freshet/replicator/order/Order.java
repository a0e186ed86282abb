package freshet.replicator.order;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Generation;
import java.util.List;

/** What a master is asked to do. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Order.Approve.class, name = "approve"),
  @JsonSubTypes.Type(value = Order.Reject.class, name = "reject"),
  @JsonSubTypes.Type(value = Order.RollBack.class, name = "rollback"),
  @JsonSubTypes.Type(value = Order.Keep.class, name = "resume-keep"),
  @JsonSubTypes.Type(value = Order.Replay.class, name = "resume-replay"),
  @JsonSubTypes.Type(value = Order.Collect.class, name = "collect")
})
public sealed interface Order {

  /**
   * To publish a held city once.
   *
   * @param city that lost documents
   * @param documents the fewest that it may have
   */
  record Approve(City city, long documents) implements Order {}

  /**
   * To leave a held city as it is published, until it is resumed.
   *
   * @param city that is held
   */
  record Reject(City city) implements Order {}

  /**
   * To publish what an older snapshot had, and to hold it.
   *
   * @param to the older snapshot
   * @param cities which of its cities; none for all
   */
  record RollBack(Generation to, List<City> cities) implements Order {
    /** Copies the list. */
    public RollBack {
      cities = List.copyOf(cities);
    }
  }

  /**
   * To publish the working indexes of cities that people have held.
   *
   * @param cities which; none for all
   */
  record Keep(List<City> cities) implements Order {
    /** Copies the list. */
    public Keep {
      cities = List.copyOf(cities);
    }
  }

  /**
   * To build the working indexes of cities that people have held anew from what is published, and
   * from the changes since.
   *
   * @param cities which; none for all
   */
  record Replay(List<City> cities) implements Order {
    /** Copies the list. */
    public Replay {
      cities = List.copyOf(cities);
    }
  }

  /** To remove what retention lets go, all of it at once. */
  record Collect() implements Order {}
}
