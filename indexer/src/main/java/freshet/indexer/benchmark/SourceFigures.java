package freshet.indexer.benchmark;

import java.time.Duration;

/**
 * What reading a table costs; medians of several runs.
 *
 * @param rows of the table
 * @param rowBytes of a row's columns, on average
 * @param runs that were measured
 * @param streamed rows a second that JDBC streams in one query, each column taken as text
 * @param pages rows a second that become documents, page by page
 * @param polls rows a second of whole polls from the table's start to its end
 * @param scans rows a second of a scan of the whole table, in two ranges at once
 * @param pagesToStreamed how fast pages are beside streaming, in the same run
 * @param firstRow from the beginning of a page to its first document
 * @param idlePoll of a poll that finds nothing new
 */
record SourceFigures(
    int rows,
    int rowBytes,
    int runs,
    long streamed,
    long pages,
    long polls,
    long scans,
    double pagesToStreamed,
    Duration firstRow,
    Duration idlePoll) {

  String text() {
    return """
        %,d rows of %,d bytes, median of %d runs
        streamed by JDBC alone   %,9d rows/s
        pages into documents     %,9d rows/s   %.2f of that
        polls from the start     %,9d rows/s
        scan in two ranges       %,9d rows/s
        first row of a page      %9.2f ms
        idle poll                %9.2f ms"""
        .formatted(
            rows,
            rowBytes,
            runs,
            streamed,
            pages,
            pagesToStreamed,
            polls,
            scans,
            millis(firstRow),
            millis(idlePoll));
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }
}
