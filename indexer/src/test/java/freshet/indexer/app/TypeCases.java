package freshet.indexer.app;

import static freshet.indexer.app.TypeCase.of;

import java.util.List;
import java.util.stream.Stream;

/** The cases of {@link FieldTypesIT}, in the order of the documented table. */
final class TypeCases {
  private TypeCases() {}

  static List<TypeCase> all() {
    return Stream.of(numbers(), bits(), dates(), lists(), bytes(), texts())
        .flatMap(List::stream)
        .toList();
  }

  private static List<TypeCase> numbers() {
    return List.of(
        of("TINYINT … BIGINT", "BIGINT", "type: long")
            .value("-9223372036854775808", "-9223372036854775808")
            .value("9223372036854775807", "9223372036854775807"),
        of("TINYINT … BIGINT", "BIGINT", "type: long, sortable: true")
            .value("9223372036854775806", "9223372036854775806")
            .value("-9223372036854775807", "-9223372036854775807")
            .value("0", "0")
            .sorts("2 3 1"),
        of("TINYINT … BIGINT", "MEDIUMINT UNSIGNED", "type: long").value("16777215", "16777215"),
        of("TINYINT … BIGINT", "TINYINT", "type: keyword").value("-128", "-128"),
        of("BIGINT UNSIGNED", "BIGINT UNSIGNED", "type: decimal, sortable: true")
            .value("18446744073709551615", "18446744073709551615")
            .value("0", "0")
            .value("9223372036854775808", "9223372036854775808", "[9223372036854775808 TO 9.3e18]")
            .value("9223372036854775807", "9223372036854775807", "{10 TO 9223372036854775808}")
            .value("10", "10", "10.0")
            .value("9", "9", "{0 TO 10}")
            .findsNothingBy("{18446744073709551615 TO *]")
            .sorts("2 6 5 4 3 1"),
        of("BIGINT UNSIGNED", "BIGINT UNSIGNED", "type: long")
            .value("9223372036854775807", "9223372036854775807")
            .setsAside(
                "9223372036854775808",
                "an integer of 64 bits is expected, found '9223372036854775808'; type: decimal"),
        of("DECIMAL", "DECIMAL(65,30)", "type: decimal, sortable: true")
            .value(
                "-99999999999999999999999999999999999.999999999999999999999999999999",
                "-99999999999999999999999999999999999.999999999999999999999999999999")
            .value(
                "99999999999999999999999999999999999.999999999999999999999999999999",
                "99999999999999999999999999999999999.999999999999999999999999999999",
                "[1e34 TO *]")
            .value("0.1", "0.100000000000000000000000000000", "0.1")
            .value("-0.1", "-0.100000000000000000000000000000", "{-0.12 TO 0}")
            .value("-0.12", "-0.120000000000000000000000000000", "[-0.12 TO -0.12]")
            .value("0", "0.000000000000000000000000000000", "0")
            .sorts("1 5 4 6 3 2"),
        of("DECIMAL", "DECIMAL(10,2)", "type: decimal").value("12.50", "12.50", "12.5"),
        of("DECIMAL", "DECIMAL(10,2)", "type: long")
            .value("12.00", "12")
            .setsAside("12.5", "an integer of 64 bits is expected, found '12.50'"),
        of("FLOAT", "FLOAT", "type: double, sortable: true")
            .value("1.1", "1.1")
            .value("-3.402823e38", "-3.40282E38", "[* TO -3.4e38]")
            .value("16777217", "1.67772E7")
            .value("0", "0.0", "0")
            .sorts("2 4 1 3"),
        of("DOUBLE", "DOUBLE", "type: double, sortable: true")
            .value("1.7976931348623157e308", "1.7976931348623157E308")
            .value("-1.7976931348623157e308", "-1.7976931348623157E308")
            .value("2.2250738585072014e-308", "2.2250738585072014E-308")
            .value("0.1", "0.1")
            .sorts("2 3 4 1"));
  }

  private static List<TypeCase> bits() {
    return List.of(
        of("BIT", "BIT(1)", "type: boolean, sortable: true")
            .value("b'1'", "true")
            .value("b'0'", "false")
            .sorts("2 1"),
        of("BIT", "BIT(64)", "type: decimal")
            .value("b'" + "1".repeat(64) + "'", "18446744073709551615")
            .value("0", "0"),
        of("BIT", "BIT(10)", "type: long").value("1023", "1023").value("49", "49"),
        of("TINYINT(1)", "TINYINT(1)", "type: boolean")
            .value("TRUE", "true")
            .value("0", "false")
            .setsAside("2", "1, 0, true or false is expected, found '2'"),
        of("TINYINT(1)", "TINYINT(1)", "type: long").value("-128", "-128").value("127", "127"),
        of("YEAR", "YEAR", "type: long, sortable: true")
            .value("2155", "2155")
            .value("1901", "1901")
            .value("0", "0")
            .sorts("3 2 1"));
  }

  private static List<TypeCase> dates() {
    return List.of(
        of("DATE", "DATE", "type: date, sortable: true")
            .value("'9999-12-31'", "9999-12-31T00:00:00Z", "9999-12-31")
            .value("'1000-01-01'", "1000-01-01T00:00:00Z", "1000-01-01")
            .value("'2024-02-29'", "2024-02-29T00:00:00Z", "[2024-02-29 TO 2024-03-01}")
            .sorts("2 3 1"),
        of("DATETIME, TIMESTAMP", "DATETIME(6)", "type: date, sortable: true")
            .value(
                "'9999-12-31 23:59:59.999999'",
                "9999-12-31T23:59:59.999Z",
                "\"9999-12-31T23:59:59.999Z\"")
            .value("'1000-01-01 00:00:00'", "1000-01-01T00:00:00Z", "1000-01-01")
            .value("'1969-12-31 23:59:59.999999'", "1969-12-31T23:59:59.999Z", "1969-12-31")
            .sorts("2 3 1"),
        of("DATETIME, TIMESTAMP", "DATETIME", "type: date, zone: Europe/Berlin")
            .value("'2026-07-15 00:30:00'", "2026-07-14T22:30:00Z", "2026-07-14"),
        of("DATETIME, TIMESTAMP", "DATETIME(3)", "type: keyword")
            .value("'2026-07-15 00:30:00'", "2026-07-15 00:30:00.000"),
        of("DATETIME, TIMESTAMP", "TIMESTAMP(6)", "type: date, sortable: true")
            .value(
                "'2038-01-19 03:14:07.999999'",
                "2038-01-19T03:14:07.999Z",
                "[2038-01-19 TO 2038-01-19]")
            .value("'1970-01-01 00:00:01'", "1970-01-01T00:00:01Z", "1970-01-01")
            .sorts("2 1"),
        of("zero dates", "DATE", "type: date")
            .value("'0000-00-00'", null, null)
            .value("'2026-00-00'", null, null)
            .value("'2026-01-02'", "2026-01-02T00:00:00Z", "[* TO *]"),
        of("zero dates", "DATETIME", "type: date, zone: Europe/Berlin")
            .value("'0000-00-00 00:00:00'", null, null)
            .value("'2026-02-01 12:00:00'", "2026-02-01T11:00:00Z", "[* TO *]"),
        of("zero dates", "TIMESTAMP", "type: keyword").value("0", "0000-00-00 00:00:00"),
        of("TIME", "TIME(6)", "type: long, sortable: true")
            .value("'838:59:59'", "3020399000")
            .value("'-838:59:59'", "-3020399000")
            .value("'-00:00:00.5'", "-500")
            .value("'12:30:00.000001'", "45000000")
            .sorts("2 3 4 1"),
        of("TIME", "TIME", "type: keyword")
            .value("'-00:30:00'", "-00:30:00")
            .value("'838:59:59'", "838:59:59"));
  }

  private static List<TypeCase> lists() {
    return List.of(
        of("ENUM", "ENUM('small','größe')", "type: keyword, sortable: true")
            .value("'größe'", "größe")
            .value("'small'", "small")
            .value("'unknown'", "", "\"\"")
            .sorts("3 1 2"),
        of("SET", "SET('a','b','c d')", "type: keyword, multi_valued: comma")
            .value("'a,c d'", "[\"a\",\"c d\"]", "\"c d\"")
            .value("'b'", "[\"b\"]", "b")
            .value("''", null, null),
        of("comma lists", "VARCHAR(50)", "type: keyword, multi_valued: comma")
            .value("' a , b ,,c'", "[\"a\",\"b\",\"c\"]", "b")
            .value("' , '", null, null),
        of("comma lists", "VARCHAR(50)", "type: long, multi_valued: comma")
            .value("'7,-9223372036854775808'", "[7,-9223372036854775808]", "-9223372036854775808")
            .setsAside("'7,x'", "found 'x'"),
        of("JSON", "JSON", "type: keyword, path: $.color")
            .value("'{\"color\": \"red\"}'", "red")
            .value("'{\"color\": 7}'", "7")
            .value("'{\"color\": null}'", null, null)
            .value("'[]'", null, null)
            .setsAside("'{\"color\": {\"r\": 1}}'", "expected at its path, found OBJECT"),
        of("JSON", "JSON", "type: long, path: '$.\"two words\"[1]'")
            .value("'{\"two words\": [1, 9223372036854775807]}'", "9223372036854775807")
            .value("'{\"two words\": [1]}'", null, null),
        of("JSON", "JSON", "type: decimal, path: $.size.width")
            .value("'{\"size\": {\"width\": 12.5}}'", "12.5"),
        of("JSON", "JSON", "type: boolean, path: $.new")
            .value("'{\"new\": true}'", "true")
            .value("'{\"new\": false}'", "false"),
        of("JSON", "JSON", "type: date, path: $.day")
            .value("'{\"day\": \"2026-03-01\"}'", "2026-03-01T00:00:00Z", "2026-03-01"),
        of("JSON", "JSON", "type: keyword, path: '$.tags[*].name', multi_valued: json")
            .value("'{\"tags\": [{\"name\": \"a\"}, {\"name\": \"b\"}, {}]}'", "[\"a\",\"b\"]", "b")
            .value("'{\"tags\": []}'", null, null),
        of("JSON", "JSON", "type: keyword, multi_valued: json")
            .value("'[\"x\", 1, null]'", "[\"x\",\"1\"]", "1")
            .setsAside("'{}'", "a JSON array is expected, found OBJECT"),
        of("JSON", "TEXT", "type: keyword, path: $.a")
            .value("'{\"a\": \"b\"}'", "b")
            .setsAside("'no JSON'", "JSON is expected"));
  }

  private static List<TypeCase> bytes() {
    return List.of(
        of("POINT", "POINT", "type: geo_point")
            .value(
                "ST_GeomFromText('POINT(13.4 52.5)')",
                "{\"lat\":52.5,\"lon\":13.4}",
                "near 52.5,13.4,1")
            .value(
                "ST_GeomFromText('POINT(180 -90)')",
                "{\"lat\":-90.0,\"lon\":180.0}",
                "near -90,0,1")
            .value(
                "ST_GeomFromGeoJSON('{\"type\": \"Point\", \"coordinates\": [-81.5, 41.1]}')",
                "{\"lat\":41.1,\"lon\":-81.5}",
                "near 41.1,-81.5,1")
            .setsAside("ST_GeomFromText('POINT(0 91)')", "latitude 91.0, longitude 0.0: expected")
            .setsAside("ST_GeomFromText('POINT(1 2)', 3857)", "found SRID 3857"),
        of("POINT", "POINT", "type: geo_point, format: lat_lon")
            .value(
                "ST_GeomFromText('POINT(52.5 13.4)')",
                "{\"lat\":52.5,\"lon\":13.4}",
                "near 52.5,13.4,1"),
        of("POINT", "GEOMETRY", "type: geo_point")
            .value("POINT(1, 2)", "{\"lat\":2.0,\"lon\":1.0}", "near 2,1,1")
            .setsAside("ST_GeomFromText('LINESTRING(0 0, 1 1)')", "found a LINESTRING"),
        of("BINARY(16) UUID", "BINARY(16)", "type: keyword, format: uuid, sortable: true")
            .value(
                "UNHEX('FFEEDDCCBBAA99887766554433221100')", "ffeeddcc-bbaa-9988-7766-554433221100")
            .value(
                "UNHEX('00000000000000000000000000000000')", "00000000-0000-0000-0000-000000000000")
            .sorts("2 1"),
        of("BINARY(16) UUID", "BINARY(16)", "type: keyword, format: uuid_swapped")
            .value(
                "UNHEX('1026BABA6CCD780C95645B8C656024DB')",
                "6ccd780c-baba-1026-9564-5b8c656024db"),
        of("BINARY, VARBINARY, BLOB", "VARBINARY(16)", "type: keyword, format: uuid")
            .setsAside("UNHEX('00FF')", "a UUID has 16 bytes, found 2"),
        of("BINARY, VARBINARY, BLOB", "BINARY(3)", "type: keyword, format: hex")
            .value("UNHEX('00FF10')", "00ff10"),
        of("BINARY, VARBINARY, BLOB", "VARBINARY(9)", "type: keyword")
            .value("'ü🏠'", "ü🏠")
            .setsAside("UNHEX('FF')", "its bytes are no UTF-8"));
  }

  private static List<TypeCase> texts() {
    return List.of(
        of("CHAR, VARCHAR, TEXT", "TEXT", "type: text, analyzer: english")
            .value("'Sunny flats'", "Sunny flats", "flat")
            .value("''", "", null),
        of("CHAR, VARCHAR, TEXT", "CHAR(9)", "type: keyword, sortable: true")
            .value("'b c  '", "b c", "\"b c\"")
            .value("'B'", "B")
            .sorts("2 1"),
        of("CHAR, VARCHAR, TEXT", "VARCHAR(9) CHARACTER SET latin1", "type: keyword")
            .value("'Köln'", "Köln"),
        of("utf8mb4", "VARCHAR(50)", "type: keyword").value("'🏠👩‍👩‍👧'", "🏠👩‍👩‍👧"),
        of("utf8mb4", "VARCHAR(50)", "type: text").value("'Sunny 🏠 flat'", "Sunny 🏠 flat", "🏠"),
        of(
                "latin1 that holds UTF-8",
                "VARCHAR(50) CHARACTER SET latin1",
                "type: text, format: utf8")
            .value("UNHEX('4DC3BC6E6368656E20F09F8FA0')", "München 🏠", "münchen")
            .setsAside("'Köln'", "its bytes are no UTF-8"),
        of("latin1 that holds UTF-8", "TEXT CHARACTER SET latin1", "type: keyword, format: utf8")
            .value("UNHEX('C3BC')", "ü"),
        of("HTML", "TEXT", "type: text, analyzer: english, html: true")
            .value(
                "'<p class=\"big\">Sunny<b>flats</b> &uuml;ber<br>all</p><script>hidden</script>'",
                "<p class=\"big\">Sunny<b>flats</b> &uuml;ber<br>all</p><script>hidden</script>",
                "über all")
            .value("'a < b & c'", "a < b & c", "b")
            .findsNothingBy("class")
            .findsNothingBy("big")
            .findsNothingBy("hidden")
            .findsNothingBy("br"),
        of("long keywords", "MEDIUMTEXT", "type: keyword")
            .value("REPEAT('x', 32766)", "x".repeat(32_766), "[xxx TO *]")
            .setsAside("REPEAT('x', 32767)", "a keyword has up to 32766 bytes, found 32767")
            .setsAside("REPEAT('ü', 16384)", "found 32768"),
        of("NULL", "VARCHAR(9)", "type: keyword, sortable: true").value("'x'", "x").sorts("1"));
  }
}
