package freshet.replicator.order;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.RepositoryLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrderFolderIT {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  @TempDir Path root;

  @Test
  void whatIsNoOrderIsPutAsideAndTheOthersAreObeyed() throws Exception {
    LocalRepository repository = new LocalRepository(new RepositoryLayout(root));
    OrderFolder orders = new OrderFolder(repository);
    Asked asked = orders.ask(new Order.Reject(new City("berlin")), "ann", null, NOW, new Random(1));
    Path folder = repository.layout().orders();
    Files.writeString(folder.resolve("000-damaged.order.json"), "{\"format\": 1, ");

    assertThat(orders.open()).containsExactly(asked);
    assertThat(folder.resolve("000-damaged.order.json.damaged")).exists();
    assertThat(orders.open()).containsExactly(asked);

    orders.answer(asked, new Answer(true, "done", List.of(new City("berlin")), null), NOW);
    assertThat(orders.open()).isEmpty();
    assertThat(orders.answer(asked).map(Answer::text)).contains("done");
  }
}
