/**
 * The status page of master and slaves, which only reads.
 *
 * <p>In: a {@link freshet.replicator.page.StatusPage}, the record of all that it shows. Out: {@link
 * freshet.replicator.page.PageRoutes}, HTML made here and brought up to date by server-sent events.
 *
 * <p>May import: {@code http}, {@code flight}, {@code incident}, {@code freshness}, {@code
 * snapshot}, {@code runtime}. Invariant: whatever text comes in, it is text on the page: markup
 * comes from {@link freshet.replicator.page.Html} alone, which escapes all else. Those who watch
 * are bounded, and one that is slow is dropped.
 */
@NullMarked
package freshet.replicator.page;

import org.jspecify.annotations.NullMarked;
