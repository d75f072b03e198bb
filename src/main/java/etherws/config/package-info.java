/**
 * The configuration file: text to the settings records of the packages below, every mistake with
 * its line, and the effective settings back to text. Keeps no state between two readings, starts
 * nothing.
 */
@NullMarked
package etherws.config;

import org.jspecify.annotations.NullMarked;
