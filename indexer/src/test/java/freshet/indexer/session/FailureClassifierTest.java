package freshet.indexer.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailureClassifierTest {

  static Stream<Arguments> queries() {
    return Stream.of(
        of("08S01", 0, new EOFException(), SourceException.LostDuringQuery.class),
        of("S1000", 0, new EOFException(), SourceException.LostDuringQuery.class),
        of("S1000", 0, new SocketException("reset"), SourceException.LostDuringQuery.class),
        of("S1000", 0, new SocketTimeoutException("Read timed out"), SourceException.Stalled.class),
        of("70100", 1317, null, SourceException.LostDuringQuery.class),
        of("HY000", 3024, null, SourceException.Stalled.class),
        of("HY000", 1969, null, SourceException.Stalled.class),
        of("08S01", 1053, null, SourceException.ShuttingDown.class),
        of("08004", 1040, null, SourceException.TooManyConnections.class),
        of("08004", 1041, null, SourceException.TooManyConnections.class),
        of("42000", 1203, null, SourceException.TooManyConnections.class),
        of("42000", 1226, null, SourceException.TooManyConnections.class),
        of("HY000", 1135, null, SourceException.TooManyConnections.class),
        of("28000", 1045, null, SourceException.AccessDenied.class),
        of("42000", 1044, null, SourceException.AccessDenied.class),
        of("42000", 1142, null, SourceException.AccessDenied.class),
        of("42000", 1049, null, SourceException.SchemaError.class),
        of("42S02", 1146, null, SourceException.SchemaError.class),
        of("42S22", 1054, null, SourceException.SchemaError.class),
        of("HY000", 1129, null, SourceException.HandshakeLost.class),
        of("HY000", 3032, null, SourceException.ShuttingDown.class),
        of("HY000", 1290, null, SourceException.RoleSwapped.class),
        of("40001", 1213, null, SourceException.LostDuringQuery.class),
        of("40001", 1205, null, SourceException.LostDuringQuery.class),
        of("HY000", 4_000, null, SourceException.SchemaError.class));
  }

  private static Arguments of(String state, int code, Throwable cause, Class<?> expected) {
    return Arguments.of(new SQLException("as the driver says", state, code, cause), expected);
  }

  @ParameterizedTest
  @MethodSource("queries")
  void codesAndCausesDecide(SQLException failure, Class<?> expected) {
    assertThat(FailureClassifier.ofQuery("reading rows on db:3306", failure))
        .isInstanceOf(expected)
        .hasCause(failure);
  }

  @Test
  void messageSaysWhatWasAttemptedWhereAndWhatTheServerSaid() {
    SQLException failure = new SQLException("Unknown column 'x'", "42S22", 1054);
    assertThat(FailureClassifier.ofQuery("reading rows on db:3306", failure))
        .hasMessage(
            "reading rows on db:3306 failed: Unknown column 'x' (SQLState 42S22, code 1054)");
  }
}
