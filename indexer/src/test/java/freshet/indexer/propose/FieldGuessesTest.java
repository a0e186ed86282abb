package freshet.indexer.propose;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.check.LiveTable;
import freshet.indexer.inspect.ColumnSample;
import freshet.indexer.propose.FieldGuess.Field;
import freshet.indexer.propose.FieldGuess.LeftOut;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldGuessesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "price | int(11) | - | long sortable",
        "seller_id | bigint(20) | - | long",
        "big | bigint(20) unsigned | 18446744073709551615 | decimal sortable",
        "furnished | tinyint(1) | 0;1 | boolean",
        "rooms | tinyint(1) | 3 | long sortable",
        "year_built | year(4) | 1998 | long sortable",
        "amount | decimal(10,2) | - | decimal sortable",
        "score | float | - | double sortable",
        "is_new | bit(1) | - | boolean",
        "flags | bit(8) | - | long sortable",
        "mask | bit(64) | - | decimal sortable",
        "posted | datetime | - | date sortable",
        "day | date | - | date sortable",
        "opens | time | 09:30:00 | keyword",
        "kind | enum('a','b') | a | keyword",
        "extras | set('a','b') | a,b | keyword several",
        "picture | blob | - | left out",
        "place | point | - | geo_point",
        "hash | binary(16) | - | keyword hex",
        "owner_id | binary(16) | - | keyword uuid",
        "digest | varbinary(64) | - | keyword hex",
        "password_hash | char(60) | - | left out",
        "title | varchar(200) | - | text standard",
        "seller_name | varchar(100) | - | text standard",
        "body | mediumtext | - | text standard",
        "sku | varchar(200) | AB-1;AB-2 | keyword",
        "url | text | http://a/b;http://c/d | keyword",
        "remarks | varchar(500) | quiet street near the park;needs a new kitchen soon | text standard",
        "tags | varchar(200) | new,sale;old, rare;sale | keyword several",
        "abilities | varchar(500) | a, b;b, a;a, b;b;a, b;a, b | keyword several",
        "article | mediumtext | <p>one two</p>;<ul><li>three</li></ul>;four five six | text standard_html",
        "formula | mediumtext | a < b and b > c are words;more of these words | text standard",
        "codes | varchar(200) | a,b;b,a;a,b | keyword several",
        "attributes | json | [\"a\"];[] | keyword several",
        "properties | json | {\"a\": 1} | left out",
        "blob_of_json | text | {\"a\": 1} | left out"
      })
  void typeNameAndSampleSayWhatBecomesOfAColumn(
      String name, String type, String values, String expected) {
    LiveTable table = Tables.of("t", name + " " + type);
    Map<String, ColumnSample> samples =
        values == null ? Map.of() : Map.of(name, Tables.sample(values.split(";")));

    List<FieldGuess> guesses = FieldGuesses.of(table, samples, Set.of(), null);

    assertThat(guesses)
        .singleElement()
        .satisfies(guess -> assertThat(said(guess)).isEqualTo(expected));
  }

  private static String said(FieldGuess guess) {
    return switch (guess) {
      case LeftOut left -> "left out";
      case Field field ->
          field.spec().type().name().toLowerCase(Locale.ROOT)
              + (field.spec().analyzer() == null ? "" : " " + field.spec().analyzer())
              + (field.columns().format() == null
                  ? ""
                  : " " + field.columns().format().name().toLowerCase(Locale.ROOT))
              + (field.spec().multiValued() ? " several" : "")
              + (field.spec().sortable() ? " sortable" : "");
    };
  }

  @Test
  void latitudeAndLongitudeAreOnePoint() {
    LiveTable table = Tables.of("t", "lat decimal(9,6)", "lng decimal(9,6)", "price int");

    List<FieldGuess> guesses =
        FieldGuesses.of(
            table,
            Map.of("lat", Tables.sample("52.5"), "lng", Tables.sample("13.4")),
            Set.of(),
            null);

    assertThat(guesses).hasSize(2);
    assertThat(((Field) guesses.get(1)).columns().columns()).containsExactly("lat", "lng");
    assertThat(((Field) guesses.get(1)).spec().name()).isEqualTo("position");
    // What is no degree is no latitude.
    assertThat(FieldGuesses.of(table, Map.of("lat", Tables.sample("912")), Set.of(), null))
        .hasSize(3);
  }

  @Test
  void aDateThatTheServerStampsHasItsZone() {
    LiveTable table =
        Tables.of(
            "t",
            "posted datetime DEFAULT current_timestamp()",
            "seen timestamp DEFAULT current_timestamp()",
            "born datetime");

    List<FieldGuess> guesses =
        FieldGuesses.of(table, Map.of(), Set.of(), ZoneId.of("Europe/Berlin"));

    assertThat(guesses)
        .extracting(guess -> ((Field) guess).columns().zone())
        .containsExactly(ZoneId.of("Europe/Berlin"), null, null);
  }

  @Test
  void columnsOfKeyVersionAndCityAreNoFields() {
    LiveTable table = Tables.of("t", "id bigint NOT NULL", "city varchar(9)", "price int");

    assertThat(FieldGuesses.of(table, Map.of(), Set.of("id", "city"), null))
        .singleElement()
        .satisfies(guess -> assertThat(((Field) guess).spec().name()).isEqualTo("price"));
  }

  @Test
  void aFieldHasANameThatQueriesCanName() {
    assertThat(FieldRule.name("größe")).isEqualTo("gr__e");
    assertThat(FieldRule.name("2nd floor")).isEqualTo("f_2nd_floor");
    LiveTable table = Tables.of("t", "größe int", "gruße int");
    assertThat(FieldGuesses.of(table, Map.of(), Set.of(), null)).allMatch(Field.class::isInstance);
    LiveTable alike = Tables.of("t", "größe int", "gräße int");
    assertThat(FieldGuesses.of(alike, Map.of(), Set.of(), null))
        .anyMatch(LeftOut.class::isInstance);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "english | The flat is on the third floor of a quiet house and it has a balcony that looks into"
            + " the garden, with a kitchen for those who like to cook at home.",
        "german | Die Wohnung liegt im dritten Stock eines ruhigen Hauses und hat einen Balkon, der in"
            + " den Garten geht, mit einer Küche für alle, die gern zu Hause kochen und nicht ausgehen.",
        "french | L'appartement est au troisième étage d'une maison calme et il a un balcon qui donne"
            + " sur le jardin, avec une cuisine pour ceux qui aiment être à la maison.",
        "spanish | El piso está en la tercera planta de una casa tranquila y tiene un balcón que da al"
            + " jardín, con una cocina para los que quieren estar en la casa.",
        "standard | Bosch Siemens Miele AEG Liebherr Samsung Bauknecht Zanussi Gorenje Beko Haier"
            + " Candy Hotpoint Indesit Smeg Teka Amica Sharp Panasonic Hitachi Toshiba Electrolux"
            + " Whirlpool Neff Gaggenau Kueppersbusch Constructa Privileg Junker Balay Pitsos",
        "standard | the end"
      })
  void theLanguageIsToldByItsSmallWords(String analyzer, String text) {
    assertThat(LanguageRule.analyzer(List.of(text))).isEqualTo(analyzer);
  }
}
