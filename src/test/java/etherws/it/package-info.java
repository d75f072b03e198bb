/**
 * The program as its users run it: real TAPs, real namespaces, real peers. Needs root, or skips.
 */
package etherws.it;
