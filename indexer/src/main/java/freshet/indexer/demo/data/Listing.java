package freshet.indexer.demo.data;

import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/**
 * One classified, as the data file, the generator and the table have it; null where the listing did
 * not say.
 *
 * @param id its primary key
 * @param city the city that it is searched in, any text
 * @param title a line
 * @param body plain text
 * @param price in dollars
 * @param neighborhood free text
 * @param latitude in degrees
 * @param longitude in degrees
 * @param bedrooms how many
 * @param bathrooms how many, in halves
 * @param sqft square feet
 * @param housingType such as "apartment"
 * @param posted local time, to the minute
 * @param url where it was found
 */
public record Listing(
    long id,
    String city,
    String title,
    String body,
    @Nullable Long price,
    @Nullable String neighborhood,
    @Nullable Double latitude,
    @Nullable Double longitude,
    @Nullable Long bedrooms,
    @Nullable Double bathrooms,
    @Nullable Long sqft,
    @Nullable String housingType,
    @Nullable LocalDateTime posted,
    @Nullable String url) {

  /** The same listing under another id. */
  Listing withId(long other) {
    return with(other, city, title);
  }

  /** The same listing in another city. */
  Listing inCity(String other) {
    return with(id, other, title);
  }

  /** The same listing with another title. */
  Listing withTitle(String other) {
    return with(id, city, other);
  }

  private Listing with(long newId, String newCity, String newTitle) {
    return new Listing(
        newId,
        newCity,
        newTitle,
        body,
        price,
        neighborhood,
        latitude,
        longitude,
        bedrooms,
        bathrooms,
        sqft,
        housingType,
        posted,
        url);
  }
}
