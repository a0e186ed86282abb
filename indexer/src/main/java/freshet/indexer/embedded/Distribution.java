package freshet.indexer.embedded;

import java.nio.file.Path;
import java.util.List;

/**
 * An unpacked server program that is ready to run.
 *
 * @param flavor {@code mariadb} or {@code mysql}
 * @param executable the server program
 * @param template an initialised data folder, copied for each new server; root has no password in
 *     it and it holds no binary log
 * @param configuration lines of the {@code [mysqld]} section that only this flavor needs
 */
record Distribution(String flavor, Path executable, Path template, List<String> configuration) {
  Distribution {
    configuration = List.copyOf(configuration);
  }
}
