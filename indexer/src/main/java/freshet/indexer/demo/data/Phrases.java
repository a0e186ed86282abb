package freshet.indexer.demo.data;

import java.util.List;

/** What generated listings are put together from. */
final class Phrases {
  /** Some of the names need encoding, as the names of real cities do. */
  static final List<String> CITIES =
      List.of(
          "newyork",
          "chicago",
          "são paulo",
          "cleveland",
          "denver",
          "montréal",
          "minneapolis",
          "köln",
          "Buffalo",
          "hartford",
          "providence",
          "dallas",
          "san marcos",
          "detroit",
          "memphis",
          "łódź",
          "muncie",
          "st. john's",
          "niagara",
          "charlotte",
          "大阪",
          "eau claire",
          "truth or consequences",
          "nome");

  static final List<String> ADJECTIVES =
      List.of(
          "Sunny",
          "Spacious",
          "Renovated",
          "Quiet",
          "Charming",
          "Bright",
          "Cozy",
          "Modern",
          "Historic",
          "Furnished",
          "Corner",
          "Top floor",
          "Garden level",
          "Pet friendly",
          "Updated",
          "Downtown",
          "Lakeside",
          "Affordable");

  static final List<String> TYPES =
      List.of(
          "apartment",
          "apartment",
          "apartment",
          "apartment",
          "house",
          "duplex",
          "townhouse",
          "condo",
          "loft",
          "flat",
          "cottage/cabin");

  static final List<String> PERKS =
      List.of(
          "heat included",
          "in-unit laundry",
          "off-street parking",
          "near the park",
          "no broker fee",
          "new kitchen",
          "hardwood floors",
          "private balcony",
          "walk to campus",
          "first month free",
          "steps from transit",
          "with home office");

  static final List<String> NEIGHBORHOODS =
      List.of(
          "Old Town",
          "Riverside",
          "Elm Park",
          "North End",
          "Harbor Point",
          "Mill District",
          "College Hill",
          "West Side",
          "Five Corners",
          "Union Square",
          "Cedar Grove",
          "Lakeview");

  static final List<String> SUBJECTS =
      List.of(
          "The kitchen",
          "The living room",
          "The main bedroom",
          "The bathroom",
          "The building",
          "The backyard",
          "The basement",
          "The entrance hall",
          "The neighborhood",
          "The unit",
          "The landlord",
          "The second bedroom",
          "The garage",
          "The roof deck");

  static final List<String> VERBS =
      List.of(
          "has been updated with",
          "comes with",
          "was recently fitted with",
          "offers",
          "features",
          "is known for",
          "overlooks",
          "is a short walk from",
          "includes",
          "is cooled and heated by");

  static final List<String> OBJECTS =
      List.of(
          "stainless steel appliances",
          "granite counters and plenty of storage",
          "large windows to the south",
          "a gas fireplace",
          "original woodwork from 1924",
          "two parking spaces",
          "a washer and a dryer",
          "central air and a new furnace",
          "the farmers market and several cafes",
          "the light rail station",
          "an elementary school and a library",
          "a fenced garden with an old maple",
          "high-speed internet, paid by the owner",
          "energy-efficient double glazing",
          "a walk-in closet",
          "bicycle storage and a shared workshop",
          "the river trail");

  static final List<String> CLOSINGS =
      List.of(
          "Cats and small dogs are welcome with a deposit.",
          "No smoking, please; references and proof of income are required.",
          "Available now, showings on weekday evenings and on Saturday.",
          "Water and trash are included, electricity and gas are not.",
          "A lease of twelve months is preferred, shorter ones can be discussed.",
          "Call or write to arrange a visit; pictures are of the actual unit.");

  private Phrases() {}
}
