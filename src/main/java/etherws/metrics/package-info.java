/**
 * What the data plane says about itself: counters with a name and a sentence. Safe from any thread.
 */
@NullMarked
package etherws.metrics;

import org.jspecify.annotations.NullMarked;
