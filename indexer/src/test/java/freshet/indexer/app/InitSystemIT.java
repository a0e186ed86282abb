package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.embedded.DatabaseFixture;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** As docs/getting-started.md goes: two files that init wrote, two daemons, a hit over HTTP. */
@Timeout(180)
class InitSystemIT {
  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  @TempDir Path folder;

  private Nodes nodes;

  @AfterEach
  void end() throws InterruptedException {
    nodes.killAll();
  }

  @Test
  void fromATableOfOnesOwnToAHitOnASlave() throws Exception {
    nodes = new Nodes(folder);
    OwnTable own = new OwnTable(database, folder);
    own.sql(
        """
        CREATE TABLE product (
          sku VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
          shop VARCHAR(50) NOT NULL, name VARCHAR(100) NOT NULL, description TEXT,
          price DECIMAL(8,2), available TINYINT(1))""",
        "INSERT INTO product VALUES ('A-1', 'north', 'blue ladder', 'of wood', 12.5, 1)");
    OwnTable.Run init = own.init("product");
    assertThat(init.exitCode()).as(init.err()).isZero();
    own.execute(init);
    own.anyPort(own.file("product"), 8700);
    nodes.startMaster(own.file("product"));
    URI master = nodes.addressOf(folder.resolve("data/index"));

    Path slave = folder.resolve("slave.yaml");
    OwnTable.Run slaveInit =
        OwnTable.replicator("init", "--remote", master.toString(), "--output", slave.toString());
    assertThat(slaveInit.exitCode()).as(slaveInit.err()).isZero();
    own.anyPort(slave, 8701);
    nodes.startSlave("slave", slave);

    nodes.await("a hit", () -> hits("blue").contains("A-1"));
    own.sql(
        "UPDATE product SET name = 'green ladder'",
        "INSERT INTO product (sku, shop, name) VALUES ('A-2', 'north', 'short ladder')");
    nodes.await(
        "what changed", () -> hits("ladder").contains("green") && hits("short").contains("A-2"));
    own.sql("DELETE FROM product WHERE sku = 'A-2'");
    nodes.await("what is deleted", () -> !hits("ladder").contains("A-2"));
    assertThat(Files.readString(slave)).contains(master.toString());
  }

  private String hits(String query) throws Exception {
    return nodes.ask("data/slave", "search?city=north&q=" + query).body();
  }
}
