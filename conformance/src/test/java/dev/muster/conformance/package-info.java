/// The evidence: rules that the build holds to, and tests of the whole program from outside.
///
/// Every rule here stands beside a planted violation that must turn it red, because a gate that
/// cannot fail proves nothing.
@NullMarked
package dev.muster.conformance;

import org.jspecify.annotations.NullMarked;
